import manifest from '../../package.json' with { type: 'json' }
import { actions } from '../actions/index.ts'
import { intercomVersion } from '../client/client.ts'
import { regions } from '../client/credentials.ts'
import { type Description, describe } from '../core/describe.ts'

const [defaultHost = '', ...otherHosts] = Object.values(regions)
const sample = 'dG9rOjxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'

/** The integration as one object, as `modulex-intercom manifest` prints it. Programs read it: its form is fixed. */
export function manifestOf(described: readonly Description[] = actions.map(describe)) {
  return {
    name: 'intercom',
    display_name: 'Intercom',
    description: 'Contacts, conversations, notes, tags and messages in Intercom.',
    categories: ['Customer Support', 'CRM & Customer', 'Communication', 'Automation', 'Development'],
    intercom_version: intercomVersion,
    auth: {
      access_token: { required: true, env: 'INTERCOM_ACCESS_TOKEN', sample },
      api_base_url: {
        required: false,
        env: 'INTERCOM_API_BASE_URL',
        default: defaultHost,
        other_regions: otherHosts,
      },
    },
    limits: { per_page_max: 150, attachment_urls_max: 10 },
    actions: described,
  }
}

/** The manifest, with what integration catalogues need besides: forms for credentials, and how to test them. */
export function catalogueOf(described: readonly Description[]) {
  return {
    ...manifestOf(described),
    version: manifest.version,
    auth_schemas: [
      {
        auth_type: 'bearer_token',
        display_name: 'Access token',
        description: "The access token of an app in Intercom's Developer Hub.",
        environment_variables: [
          {
            name: 'INTERCOM_ACCESS_TOKEN',
            display_name: 'Access token',
            description: 'Developer Hub, your app, Configure, Authentication.',
            required: true,
            sensitive: true,
            sample,
            about_url: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
          },
          {
            name: 'INTERCOM_API_BASE_URL',
            display_name: 'API base URL',
            description: `Where the workspace is hosted, if not in the US: ${otherHosts.join(' or ')}.`,
            required: false,
            sensitive: false,
            default: defaultHost,
          },
        ],
        test_endpoint: {
          method: 'GET',
          path: '/me',
          url: `${defaultHost}/me`,
          headers: {
            Authorization: 'Bearer {INTERCOM_ACCESS_TOKEN}',
            Accept: 'application/json',
            'Intercom-Version': intercomVersion,
          },
          success_status: 200,
        },
      },
    ],
  }
}
