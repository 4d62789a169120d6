import { DAY, END, HOUR, workingTime } from './calendar.ts'
import { below, between, chance, pick } from './prng.ts'
import {
  add,
  adminSays,
  adminTurn,
  assign,
  contactSays,
  contactTurn,
  MINUTE,
  note,
  type Scene,
  tag,
  wait,
} from './scene.ts'
import { BOT } from './script.ts'

/** The bot's first moves: what it is about, and which team it goes to. */
function arrive(scene: Scene): void {
  add(scene, { kind: 'attribute', at: scene.now })
  if (!chance(scene.next, 0.7)) return
  scene.now += 1
  const to = { type: 'team', index: scene.script.story.team } as const
  add(scene, { kind: 'assign', at: scene.now, admin: BOT, to })
}

function close(scene: Scene, thanked: boolean): void {
  const withWords = thanked && chance(scene.next, 0.25)
  scene.now += between(scene.next, 10, 30 * MINUTE)
  scene.now = workingTime(scene.next, scene.now)
  if (thanked && !withWords && chance(scene.next, 0.5)) {
    adminSays(scene, 'welcome')
    scene.now += between(scene.next, 5, 120)
  }
  add(scene, { kind: 'close', at: scene.now, admin: scene.admin, role: withWords ? 'welcome' : null })
  if (chance(scene.next, 0.7)) add(scene, { kind: 'read', at: scene.now })
}

const SCORES = [5, 5, 5, 5, 5, 4, 4, 4, 3, 2, 1] as const

function rate(scene: Scene): void {
  wait(scene, MINUTE, DAY)
  add(scene, { kind: 'rate', at: scene.now, score: pick(scene.next, SCORES) })
}

/** Promises to come back, sleeps some days and comes back; asleep at the end, it sleeps well into next year. */
function snooze(scene: Scene): void {
  adminSays(scene, 'wait')
  scene.now += between(scene.next, 10, 200)
  const days = between(scene.next, 1, 9)
  const morning = scene.now - (scene.now % DAY) + days * DAY + 9 * HOUR
  const until = morning > END ? farMonday(scene) : morning
  add(scene, { kind: 'snooze', at: scene.now, admin: scene.admin, until })
  scene.now = until
  add(scene, { kind: 'wake', at: until })
  adminTurn(scene, 'back', 6 * HOUR)
}

function farMonday(scene: Scene): number {
  // The end is a Sunday, midnight; a wake-up soon after it would soon have passed for whoever uses the seed.
  return END + DAY + between(scene.next, 26, 60) * 7 * DAY + 9 * HOUR
}

/** Hands over to another admin, with a word to the colleague. */
function handOver(scene: Scene): void {
  scene.now = workingTime(scene.next, scene.now)
  note(scene, 'reassigned')
  const from = scene.admin
  scene.admin = (from + 1 + below(scene.next, 2)) % BOT
  assign(scene, from)
}

/** Question, answer, solution, thanks: the middle of nearly every conversation. Whether the contact said thanks. */
function settle(scene: Scene): boolean {
  const { next, script } = scene
  const fitting = script.story.tag
  if (chance(next, 0.6)) tag(scene, fitting)
  if (script.urgent && fitting !== 'Urgent') tag(scene, 'Urgent')
  if (script.starter === null) {
    adminTurn(scene, 'ask')
    if (chance(next, 0.2)) note(scene)
    if (chance(next, 0.07)) return fallSilent(scene)
    contactTurn(scene, 'detail')
  }
  if (script.starter === null && chance(next, 0.3)) {
    adminTurn(scene, 'check')
    contactTurn(scene, 'checked')
  }
  if (chance(next, 0.1)) handOver(scene)
  if (chance(next, 0.1)) {
    scene.now = workingTime(next, scene.now + between(next, 5 * MINUTE, 4 * HOUR))
    snooze(scene)
  }
  adminTurn(scene, 'solve')
  if (chance(next, 0.75)) {
    contactTurn(scene, 'thanks')
    return true
  }
  return chance(next, 0.4) ? fallSilent(scene) : false
}

/** The contact does not answer; the admin asks once more. */
function fallSilent(scene: Scene): boolean {
  scene.now += 3 * DAY
  adminTurn(scene, 'nudge')
  return false
}

function finish(scene: Scene, thanked: boolean): void {
  const { next } = scene
  if (chance(next, 0.07)) return
  close(scene, thanked)
  if (chance(next, 0.3)) rate(scene)
  if (scene.script.starter === null && chance(next, 0.1)) {
    wait(scene, HOUR, 20 * DAY)
    contactSays(scene, 'again')
    adminTurn(scene, 'followup')
    close(scene, false)
  } else if (chance(next, 0.02)) {
    scene.now = workingTime(next, scene.now + 2 * DAY)
    add(scene, { kind: 'open', at: scene.now, admin: scene.admin })
    adminSays(scene, 'nudge')
    close(scene, false)
  }
}

/** A contact writes, an admin answers, sooner or later it is closed. */
export function customerInitiated(scene: Scene): void {
  const { next } = scene
  arrive(scene)
  if (chance(next, 0.03)) return
  if (chance(next, 0.05)) contactTurn(scene, 'bump')
  wait(scene, MINUTE, 16 * HOUR)
  scene.now = workingTime(next, scene.now)
  if (chance(next, 0.85)) assign(scene, chance(next, 0.6) ? scene.admin : below(next, BOT))
  if (chance(next, 0.12)) note(scene)
  finish(scene, settle(scene))
}

/** An admin writes first; most contacts answer. */
export function adminInitiated(scene: Scene): void {
  if (chance(scene.next, 0.15)) return
  contactTurn(scene, 'detail')
  assign(scene, scene.admin)
  finish(scene, settle(scene))
}

/** Put to sleep until well after the end, a few hours after it began. */
export function snoozedThread(scene: Scene): void {
  if (scene.script.starter === null) {
    arrive(scene)
    adminTurn(scene, 'ask', HOUR)
  }
  scene.now += 2 * HOUR
  contactSays(scene, 'detail')
  scene.now = workingTime(scene.next, scene.now)
  assign(scene, scene.admin)
  adminSays(scene, 'wait')
  scene.now += MINUTE
  add(scene, { kind: 'snooze', at: scene.now, admin: scene.admin, until: farMonday(scene) })
}

/** Try this, try that: more than thirty parts before it is closed and rated. */
export function longThread(scene: Scene): void {
  const { next } = scene
  arrive(scene)
  assign(scene, scene.admin)
  for (let round = between(next, 16, 24); round > 0; round--) {
    adminTurn(scene, 'attempt', 3 * HOUR)
    contactTurn(scene, 'outcome', 5 * HOUR)
    if (round === 12) handOver(scene)
    if (round % 7 === 0) note(scene)
  }
  adminTurn(scene, 'solve')
  contactTurn(scene, 'thanks')
  close(scene, true)
  rate(scene)
}

/** Has just arrived: nobody has answered. */
export function untouched(scene: Scene): void {
  arrive(scene)
}
