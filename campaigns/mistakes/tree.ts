import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mistake } from './mistake.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const left = new Set(['.git', 'node_modules', 'dist'])
/** No run takes longer, ms. */
const patienceMs = 120_000

/** What became of a run: its tests passed, some failed, or it had to be ended. */
export type Ran = 'passed' | 'failed' | 'hung'

/** A copy of this checkout in a temporary folder, to make mistakes in. */
export class Tree {
  readonly #folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-mistakes-'))

  constructor() {
    cpSync(root, this.#folder, { recursive: true, filter: (from) => !left.has(basename(from)) })
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'))
  }

  /** Makes a mistake, and gives back what undoes it. Throws when its text does not stand there exactly once. */
  make(mistake: Mistake): () => void {
    const path = join(this.#folder, mistake.file)
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, withMistake(before, mistake))
    return () => writeFileSync(path, before)
  }

  /** Whether TypeScript accepts these mistakes: as many at once as leave each other's places as they are. */
  async compiles(mistakes: readonly Mistake[]): Promise<boolean> {
    for (let rest = mistakes; rest.length > 0; ) {
      const undos: (() => void)[] = []
      const later: Mistake[] = []
      for (const mistake of rest) {
        try {
          undos.unshift(this.make(mistake))
        } catch {
          later.push(mistake)
        }
      }
      // What a mistake leaves without a use is no mistake of its own.
      const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false']
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      const ran = await this.#run('inherit', tsc, '--noEmit', ...lenient)
      for (const undo of undos) undo()
      if (ran !== 'passed') return false
      rest = later
    }
    return true
  }

  /** Runs test files one after another, as far as the first that does not pass. */
  async test(files: readonly string[]): Promise<Ran> {
    for (const file of files) {
      const ran = await this.#run('ignore', '--import', './test/openapi-validator/everywhere.ts', file)
      if (ran !== 'passed') return ran
    }
    return 'passed'
  }

  /** Runs Node with these arguments. Whatever it has started ends with it. */
  async #run(stdout: 'inherit' | 'ignore', ...args: string[]): Promise<Ran> {
    const stdio = ['ignore', stdout, 'ignore'] as const
    const child = spawn(process.execPath, args, { cwd: this.#folder, detached: true, stdio: [...stdio] })
    let hung = false
    const timer = setTimeout(() => {
      hung = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, patienceMs)
    const [code] = await once(child, 'exit')
    clearTimeout(timer)
    return hung ? 'hung' : code === 0 ? 'passed' : 'failed'
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Why a mistake can no longer be made, or noticed; `null` where it can. */
export function problemOf(mistake: Mistake): string | null {
  const missing = [mistake.file, ...mistake.tests].find((file) => !existsSync(join(root, file)))
  if (missing !== undefined) return `${missing} is not there any more`
  try {
    withMistake(readFileSync(join(root, mistake.file), 'utf8'), mistake)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

function withMistake(code: string, { file, find, replace }: Mistake): string {
  const pieces = code.split(find)
  if (pieces.length !== 2) {
    throw new Error(`${file}: this must stand there once, not ${pieces.length - 1} times: ${find}`)
  }
  return pieces.join(replace)
}
