import { actions } from '../../actions/index.ts'
import { intercomVersion } from '../../client/client.ts'
import { regions } from '../../client/credentials.ts'
import { describe } from '../../core/describe.ts'
import type { Command } from '../command.ts'
import { printJson } from '../print.ts'

const [defaultHost, ...otherHosts] = Object.values(regions)

/** What an integration catalogue needs to know, as one JSON object. Programs read it: its form is fixed. */
export const manifestCommand: Command = {
  name: 'manifest',
  usage: '',
  summary: 'print the integration as one JSON object: credential, limits, actions with their schemas',
  flags: {},
  words: 0,
  async run() {
    printJson({
      name: 'intercom',
      display_name: 'Intercom',
      description: 'Contacts, conversations, notes, tags and messages in Intercom.',
      categories: ['Customer Support', 'CRM & Customer', 'Communication', 'Automation', 'Development'],
      intercom_version: intercomVersion,
      auth: {
        access_token: {
          required: true,
          env: 'INTERCOM_ACCESS_TOKEN',
          sample: 'dG9rOjxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        },
        api_base_url: {
          required: false,
          env: 'INTERCOM_API_BASE_URL',
          default: defaultHost,
          other_regions: otherHosts,
        },
      },
      limits: { per_page_max: 150, attachment_urls_max: 10 },
      actions: actions.map(describe),
    })
    return 0
  },
}
