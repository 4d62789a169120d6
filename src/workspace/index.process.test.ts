import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { runCommand } from '../../test/support/run-command.ts'
import { createWorkspace } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'workspace-'))

async function get(
  workspace: { accessToken: string; fetch(request: Request): Promise<Response> },
  path: string,
) {
  const headers = { authorization: `Bearer ${workspace.accessToken}` }
  const response = await workspace.fetch(new Request(`http://local${path}`, { headers }))
  return (await response.json()) as { total_count: number; id: string; admins: { name: string }[] }
}

test('a file refused to this process a second time is refused to another one, too', async () => {
  const data = join(folder, 'owned.db')
  const owner = await createWorkspace({ data })
  await assert.rejects(createWorkspace({ data }), /in use by another workspace of this process/)
  const program = `
    import { createWorkspace } from ${JSON.stringify(new URL('index.ts', import.meta.url))}
    await createWorkspace({ data: ${JSON.stringify(data)} }).catch(({ message }) => console.log(message))`
  const { stdout } = await runCommand(process.execPath, ['--input-type=module', '-e', program])
  assert.match(stdout, /in use by another process/)
  await owner.close()
})

test('SIGKILL loses no answered write', { timeout: 60_000 }, async () => {
  const data = join(folder, 'killed.db')
  const script = `
    import { createWorkspace } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const workspace = await createWorkspace({ data: process.argv[1] })
    const headers = { authorization: 'Bearer ' + workspace.accessToken }
    for (let i = 0; ; i++) {
      const body = JSON.stringify({ external_id: String(i) })
      const answer = await workspace.fetch(new Request('http://local/contacts', { method: 'POST', headers, body }))
      if (answer.status === 200) process.stdout.write((await answer.json()).id + '\\n')
    }`
  const answered: string[] = []
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    // The last line may be half of one.
    if (line.length === 24) answered.push(line)
    if (answered.length === 100) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  assert.equal(child.signalCode, 'SIGKILL')
  assert.ok(answered.length >= 100)
  const workspace = await createWorkspace({ data })
  for (const id of answered) assert.equal((await get(workspace, `/contacts/${id}`)).id, id)
  await workspace.close()
})
