// The part of docs/workspace-coverage.md about versions, asked of the workspace itself.

import { otherOperations, rangeOf, versions } from '../src/workspace/http/versions.ts'
import { createWorkspace } from '../src/workspace/index.ts'

/** How each version is answered, and the operations that 2.12 lacks. */
export async function versionsPart(): Promise<string> {
  const workspace = await createWorkspace({ rateLimit: false })
  const status = async (method: string, path: string, version: string) => {
    const headers = { authorization: `Bearer ${workspace.accessToken}`, 'intercom-version': version }
    return (await workspace.fetch(new Request(`http://workspace.test${path}`, { method, headers }))).status
  }
  const taken: string[] = []
  for (const version of versions) if ((await status('GET', '/me', version)) === 200) taken.push(version)
  const emulated: string[] = []
  const lacking: string[] = []
  for (const operation of otherOperations) {
    const [method = '', template = ''] = operation.split(' ')
    const { since, until } = rangeOf(operation)
    const path = template.replaceAll(/\{[^}]+\}/g, '0')
    const isEmulated = (await status(method, path, until ?? since ?? '')) !== 501
    const range = until === undefined ? `from ${since}` : `up to ${until}`
    ;(isEmulated ? emulated : lacking).push(`\`${operation}\` (${range})`)
  }
  await workspace.close()
  return `Taken: ${taken.map((version) => `\`${version}\``).join(', ')}. \`Intercom-Version\` of the answer is the one that was asked for, the
answer that of the nearest emulated version; without the header it is 2.12.

| asked for | answered as |
|---|---|
| 2.0 to 2.10 | 2.11, without the operations that came later |
| 2.11 to 2.14 | 2.12, with what each adds to requests and to \`company_id\`, \`title\` and reasons to be away |
| 2.15 | 2.14; reasons to be away are a list object |
| 2.16 | 2.15; a contact's \`owner_id\` is text, a priority one of \`none\` to \`urgent\`, an assignee that is nobody 0, a merged contact 410 |
| 2.17, \`Preview\`, \`Unstable\` | 2.16; a contact search compares times to the second, and \`!=\` matches what is unset |

Keys that later versions only add are not there. An operation that the version has not is 400 \`intercom_version_invalid\`;
one that it has and the workspace has not is 501 \`not_emulated\`. Of those that 2.12 lacks it has
${emulated.join(', ')}.

<details><summary>Those it has not</summary>

${lacking.map((operation) => `- ${operation}`).join('\n')}

</details>`
}
