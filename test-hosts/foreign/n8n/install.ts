import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The release of n8n's nodes whose Intercom node is run. */
export const release = '2.41.2'
const integrity =
  'sha512-qUItyawxR1aR/t6Fgk0whYwBSDR+VOu5RkgAI3AElVI3dqPLLcCAawAMFc/N3GFG35//quOVRUwuc7a3mVLC0g=='
const parts = [
  'package/package.json',
  'package/dist/nodes/Intercom',
  'package/dist/credentials/IntercomApi.credentials.js',
]

/**
 * Takes the Intercom node alone out of the package of all nodes, whose eighty dependencies it needs none of. Gives the
 * folder; the package is checked against the hash above.
 */
export function installedNode(): string {
  const folder = fileURLToPath(new URL(`../../node_modules/.n8n-nodes-base-${release}`, import.meta.url))
  if (existsSync(folder)) return folder
  const home = mkdtempSync(join(tmpdir(), 'n8n-'))
  try {
    run('npm', ['pack', `n8n-nodes-base@${release}`, '--silent', '--pack-destination', home])
    const packed = join(home, `n8n-nodes-base-${release}.tgz`)
    const hash = createHash('sha512').update(readFileSync(packed)).digest('base64')
    if (`sha512-${hash}` !== integrity) throw new Error(`${packed} has another hash: sha512-${hash}`)
    const unpacked = `${folder}.part`
    rmSync(unpacked, { recursive: true, force: true })
    mkdirSync(unpacked, { recursive: true })
    run('tar', ['-xzf', packed, '--strip-components=1', '-C', unpacked, ...parts])
    renameSync(unpacked, folder)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  return folder
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
