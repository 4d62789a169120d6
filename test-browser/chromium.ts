import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Chromium of this machine: `CHROMIUM`, or Debian's package, which is installed where that may be done. */
export async function launched(): Promise<Browser> {
  const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  return await chromium.launch({
    executablePath: executable(),
    args: process.getuid?.() === 0 ? [...args, '--no-sandbox'] : args,
  })
}

function executable(): string {
  const given = process.env['CHROMIUM']
  const found = given ?? places.find(existsSync)
  if (found !== undefined) return found
  if (process.getuid?.() === 0) {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
      spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 500_000 })
    const installed = places.find(existsSync)
    if (installed !== undefined) return installed
  }
  throw new Error(
    'There is no Chromium. Install it (Debian: apt-get install chromium), or name its file in CHROMIUM.',
  )
}
