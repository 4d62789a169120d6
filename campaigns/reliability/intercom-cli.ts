import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bodyOf, emailOf, plainBodyOf, type Report, type Send, type Sender } from './send.ts'
import type { Host } from './senders.ts'

const maxOutput = 64 * 1024 * 1024

/** What a command ended with: its exit code, and what it wrote. */
type Ended = { code: number; stdout: string; stderr: string }

/**
 * Intercom's command line as it is published, with its own retries and pauses; one process for each command.
 * `patient` leaves it its time limit of 30 s; otherwise it gets the shortest it can be given, one second.
 */
export function intercomCli(
  { url, accessToken }: Pick<Host, 'url' | 'accessToken'>,
  patient: boolean,
): Sender {
  const program = fileURLToPath(import.meta.resolve('@intercom/cli/dist/index.js'))
  const env = { ...process.env, INTERCOM_TOKEN: accessToken, INTERCOM_API_BASE_URL: url }
  return {
    send: async (send) => reportOf(await perform(send)),
    close: async () => {},
  }

  function perform(send: Send): Promise<Ended> {
    const { contact_id, conversation_id, admin_id } = send.target
    const body = bodyOf(send)
    switch (send.kind) {
      case 'reply':
      case 'conversation_note': {
        const message_type = send.kind === 'reply' ? 'comment' : 'note'
        return run(['conversations', 'reply', conversation_id], {
          message_type,
          type: 'admin',
          admin_id,
          body,
        })
      }
      case 'user_reply': {
        const reply = { message_type: 'comment', type: 'user', intercom_user_id: contact_id, body }
        return run(['conversations', 'reply', conversation_id], reply)
      }
      case 'note':
        return run(['api', `/contacts/${contact_id}/notes`], { body })
      case 'incoming':
        return post('/conversations', { from: { type: 'user', id: contact_id }, body: plainBodyOf(send) })
      case 'message': {
        const message = { message_type: 'inapp', subject: '', body, template: 'personal' }
        const from = { type: 'admin', id: Number(admin_id) }
        return post('/messages', { ...message, from, to: { type: 'user', id: contact_id } })
      }
      case 'lead':
      case 'user':
        return upsert(emailOf(send), send.kind)
    }
  }

  /** Its `contacts search` cannot send a query, which is an object: `api` can. */
  async function upsert(email: string, role: string): Promise<Ended> {
    const found = await post('/contacts/search', { query: { field: 'email', operator: '=', value: email } })
    if (found.code !== 0) return found
    if (found.stdout === '') return run(['contacts', 'create'], { email, role })
    const { id }: { id: string } = JSON.parse(found.stdout)
    return run(['contacts', 'update', id], { email })
  }

  function post(path: string, body: object): Promise<Ended> {
    return run(['api', path, '--input', '-'], {}, JSON.stringify(body))
  }

  function run(command: string[], fields: Record<string, string>, input = ''): Promise<Ended> {
    const given = Object.entries(fields).flatMap(([name, value]) => ['-f', `${name}=${value}`])
    const limit = patient ? [] : ['--timeout', '1']
    return new Promise((resolve, reject) => {
      const child = execFile(
        process.execPath,
        [program, ...command, ...given, ...limit, '--verbose'],
        { env, maxBuffer: maxOutput },
        (error, stdout, stderr) => {
          const code = error?.code ?? 0
          if (typeof code === 'number') resolve({ code, stdout, stderr })
          else reject(error)
        },
      )
      child.stdin?.end(input)
    })
  }
}

/**
 * Its exit code is 1 for most failures, so the last status that `--verbose` shows decides, as for the SDK: a 4xx
 * other than 408 is a refusal, all else, and a request without an answer, is not knowing.
 */
function reportOf({ code, stderr }: Ended): Report {
  if (code === 0) return 'success'
  const last = [...stderr.matchAll(/^(?:> [A-Z]+ |< (\d{3}) )/gm)].at(-1)
  const status = Number(last?.[1] ?? 0)
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown'
}
