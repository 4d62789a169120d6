// No container engine is needed: lints the Dockerfile, runs its steps as commands in empty folders, and starts what they
// leave as the container would, as another user. Then the services of compose.yaml, by their commands.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { variables } from '../src/cli/environment.ts'
import { parseFlags } from '../src/cli/flags.ts'
import { commands } from '../src/cli/main.ts'
import { key } from './served.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The package's own: this folder has an older one. */
type Problem = { message: string; range: { start: { line: number } } }
/** Installed with this folder alone, while types are checked without it. */
const { validate } = createRequire(import.meta.url)('dockerfile-utils') as {
  validate(text: string): Problem[]
}
const { parse } = createRequire(join(root, 'package.json'))('yaml') as typeof import('yaml')
const home = mkdtempSync(join(tmpdir(), 'container-'))
chmodSync(home, 0o755)
const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
/** The user `node` of the image. */
const user = { uid: 1000, gid: 1000 }
const isRoot = process.getuid?.() === 0

type Instruction = { name: string; rest: string }
const instructions: Instruction[] = text
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .flatMap((line) => {
    const [, name, rest = ''] = /^([A-Z]+) +(.*)$/.exec(line.trim()) ?? []
    return name === undefined ? [] : [{ name, rest }]
  })

/** A path of the image, in the folder that stands for a stage. */
const inStage = (stage: string, path: string) => join(home, stage, path)
const inText = (stage: string, command: string) =>
  command.replaceAll(/(?<![\w.:@/])\/(?=(app|build|etc|var)\b)/g, `${join(home, stage)}/`)

function run(stage: string, cwd: string, command: string): void {
  const own = inText(stage, command).replaceAll(
    'chown node:node',
    isRoot ? `chown ${user.uid}:${user.gid}` : 'true',
  )
  const { status, stdout, stderr } = spawnSync('sh', ['-c', own], {
    cwd,
    encoding: 'utf8',
    timeout: 280_000,
  })
  assert.equal(status, 0, `${own}: ${stdout}${stderr}`)
}

/** The ignored files of a build are not there for its COPY. */
const context = readFileSync(join(root, '.dockerignore'), 'utf8').match(/(?<=^!).*/gm) ?? []
const isSent = (path: string) =>
  context.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`))

type Built = {
  stage: string
  cwd: string
  env: Record<string, string>
  words: Record<string, string[]>
  user: string
  volumes: string[]
}

function built(): Built {
  let at: Built = { stage: '', cwd: '/', env: {}, words: {}, user: 'root', volumes: [] }
  const names: Record<string, string> = {}
  for (const { name, rest } of instructions) {
    const words = rest.split(/\s+/)
    if (name === 'FROM') {
      const [, , as] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []
      at = { ...at, stage: `stage-${Object.keys(names).length}`, cwd: '/', env: {}, words: {} }
      names[as ?? at.stage] = at.stage
      mkdirSync(inStage(at.stage, '/'))
    } else if (name === 'WORKDIR') {
      at.cwd = rest
      mkdirSync(inStage(at.stage, rest), { recursive: true })
    } else if (name === 'COPY') {
      const from = /^--from=(\S+)$/.exec(words[0] ?? '')?.[1]
      const paths = from === undefined ? words : words.slice(1)
      const target = resolve(at.cwd, paths.pop() ?? '')
      for (const path of paths) {
        assert.ok(from !== undefined || isSent(path), `${path} is not in .dockerignore`)
        const source = from === undefined ? join(root, path) : inStage(names[from] ?? '', path)
        const isFolder = rest.endsWith('/')
        const to = inStage(at.stage, isFolder ? join(target, path) : target)
        mkdirSync(dirname(to), { recursive: true })
        cpSync(source, to, {
          recursive: true,
          dereference: true,
          filter: (one) => from !== undefined || isSent(one.slice(root.length).replace(/\/$/, '')),
        })
      }
    } else if (name === 'RUN') run(at.stage, inStage(at.stage, at.cwd), rest)
    else if (name === 'ENV') Object.assign(at.env, Object.fromEntries([rest.split('=')]))
    else if (name === 'USER') at.user = rest
    else if (name === 'VOLUME') at.volumes.push(rest)
    else if (name === 'HEALTHCHECK') at.words['HEALTHCHECK'] = JSON.parse(rest.slice(rest.indexOf('[')))
    else if (rest.startsWith('[')) at.words[name] = JSON.parse(rest)
  }
  return at
}

const children: ChildProcess[] = []

/** Starts words of the image; answers once it has printed its first line. */
async function started(image: Built, words: string[], env: Record<string, string>) {
  const [program, ...args] = words.map((word) => inText(image.stage, word))
  assert.equal(program, 'node')
  const own = Object.entries(image.env).map(([name, value]) => [name, inText(image.stage, value)])
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: inStage(image.stage, image.cwd),
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(isRoot ? user : {}),
  })
  children.push(child)
  assert.ok(child.stdout)
  const [line] = (await once(createInterface(child.stdout), 'line', {
    signal: AbortSignal.timeout(60_000),
  })) as [string]
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async stopped(): Promise<number | null> {
      child.kill('SIGTERM')
      const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(30_000) })
      return code as number | null
    },
  }
}

const filesOf = (folder: string) =>
  globSync('**', { cwd: folder }).filter((path) =>
    statSync(join(folder, path), { throwIfNoEntry: false })?.isFile(),
  )

try {
  assert.deepEqual(
    validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    [],
  )
  for (const { name, rest } of instructions) {
    if (name === 'FROM') assert.match(rest, /:[\d.]+-\S+/, 'an image by its version')
    assert.doesNotMatch(`${name} ${rest}`, /^(ARG|ENV) .*(TOKEN|KEY|SECRET)/, 'no secret is in an image')
  }
  const image = built()
  const config = inStage(image.stage, '/etc/modulex-intercom/serve.json')
  writeFileSync(config, inText(image.stage, readFileSync(config, 'utf8')))
  assert.notEqual(image.user, 'root')
  for (const name of ['ENTRYPOINT', 'CMD', 'HEALTHCHECK'])
    assert.ok(image.words[name], `${name} needs no shell`)
  console.log('✓ the Dockerfile is linted, and its steps run in empty folders')

  const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true })
  type Service = { command?: string[]; environment?: Record<string, string>; [key: string]: unknown }
  const services = Object.entries<Service>(compose.services)
  for (const [name, service] of services) {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      assert.ok(variable in variables, `${name}: ${variable}`)
      assert.match(value, /^\$\{[A-Z_]+:[?-]/, `${name}: ${variable} comes from outside`)
    }
    const { command } = service
    if (service['build'] === undefined) continue
    assert.deepEqual([service['read_only'], service['cap_drop']], [true, ['ALL']], name)
    const [first = '', ...flags] = command ?? image.words['CMD'] ?? []
    assert.deepEqual(parseFlags(flags, (await commands[first]?.load())?.flags ?? {}).positionals, [], name)
  }

  const before = filesOf(inStage(image.stage, '/'))
  const token = 'a-token-of-the-container-test'
  const entry = image.words['ENTRYPOINT'] ?? []
  const onFreePort = (words: string[]) => [...entry, ...words, '--port', '0']
  const [, ...rest] = compose.services.intercom.command as string[]
  const port = rest.indexOf('--port')
  const intercom = await started(image, onFreePort(['workspace', ...rest.toSpliced(port, 2)]), {
    INTERCOM_ACCESS_TOKEN: token,
  })
  const serve = await started(image, onFreePort(image.words['CMD'] ?? []), {
    INTERCOM_ACCESS_TOKEN: token,
    INTERCOM_API_BASE_URL: intercom.url,
    MODULEX_INTERCOM_API_KEY: key,
  })
  const { port: free } = new URL(serve.url)
  const [, ...check] = (image.words['HEALTHCHECK'] ?? []).map((word) => word.replace('8321', free))
  assert.equal(spawnSync(process.execPath, check).status, 0, 'it is healthy')
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://localhost:${free}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': 'once',
      },
    })
  const contact = { method: 'POST', body: JSON.stringify({ email: 'ada@container.test' }) }
  const [first, again] = [
    await call('/actions/upsert_contact', contact),
    await call('/actions/upsert_contact', contact),
  ]
  assert.deepEqual([first.status, again.status], [200, 200])
  assert.equal((await call('/readyz')).status, 200)
  assert.deepEqual([await serve.stopped(), await intercom.stopped()], [0, 0], 'SIGTERM ends them')
  assert.notEqual(spawnSync(process.execPath, check).status, 0, 'a server that has ended is not healthy')

  const made = filesOf(inStage(image.stage, '/')).filter((path) => !before.includes(path))
  const elsewhere = made.filter(
    (path) => !image.volumes.some((volume) => `/${path}`.startsWith(`${volume}/`)),
  )
  assert.deepEqual(elsewhere, [], 'it writes in its volume only')
  assert.ok(existsSync(inStage(image.stage, '/var/lib/modulex-intercom/journal.db')))
  console.log(
    '✓ its server runs as another user, is healthy, keeps its journal in the volume, and ends at SIGTERM',
  )
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
}
