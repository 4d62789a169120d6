import { DAY, END, HOUR, workingTime } from './calendar.ts'
import { between, type Random } from './prng.ts'
import type { Role, Script, ScriptEvent } from './script.ts'

/** A script being written: the clock moves on as events are added. */
export type Scene = { script: Script; next: Random; now: number; admin: number }

/** In seconds, as all times here. */
export const MINUTE = 60

/** Adds an event, unless the history is over by then. */
export function add(scene: Scene, event: ScriptEvent): void {
  // What would happen after the end has not happened: that is how conversations come to be open.
  if (event.at <= END) scene.script.events.push(event)
}

/** Waits: mostly near `low`, now and then up to `high`. */
export function wait(scene: Scene, low: number, high: number): void {
  const draw = scene.next()
  scene.now += low + Math.floor(draw * draw * draw * (high - low))
}

/** The contact writes, now. */
export function contactSays(scene: Scene, role: Role): void {
  add(scene, { kind: 'contact_comment', at: scene.now, role })
}

/** The scene's admin writes, in a moment. */
export function adminSays(scene: Scene, role: Role): void {
  scene.now += between(scene.next, 20, 400)
  add(scene, { kind: 'admin_comment', at: scene.now, admin: scene.admin, role })
}

/** The admin answers when the desk is staffed, within `high` seconds of desk time or so. */
export function adminTurn(scene: Scene, role: Role, high = 20 * HOUR): void {
  wait(scene, 3 * MINUTE, high)
  scene.now = workingTime(scene.next, scene.now)
  adminSays(scene, role)
}

/** The contact reads and answers, mostly soon. */
export function contactTurn(scene: Scene, role: Role, high = 2 * DAY): void {
  wait(scene, 2 * MINUTE, high)
  add(scene, { kind: 'read', at: scene.now })
  contactSays(scene, role)
}

/** A word among admins. */
export function note(scene: Scene, role: Role = 'note'): void {
  scene.now += between(scene.next, 10, 300)
  add(scene, { kind: 'note', at: scene.now, admin: scene.admin, role })
}

/** Somebody gives the conversation to the scene's admin. */
export function assign(scene: Scene, by: number): void {
  scene.now += between(scene.next, 1, 90)
  add(scene, { kind: 'assign', at: scene.now, admin: by, to: { type: 'admin', index: scene.admin } })
}

/** The scene's admin puts a tag on the conversation. */
export function tag(scene: Scene, name: string): void {
  scene.now += between(scene.next, 1, 60)
  add(scene, { kind: 'tag', at: scene.now, admin: scene.admin, tag: name })
}
