import { z } from 'zod'
import { faultRule } from '../faults/fault.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Control } from './control.ts'
import { accessToken, entries, limits, rewriting, seed, snapshotName, time, token, webhook } from './input.ts'

/** Whom the endpoints address. */
export interface Actors {
  readonly control: Control
  readonly webhooks: Webhooks
}

/** One endpoint below `/_workspace`. Its input is the query and the body as one object. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly does: string
  readonly run: (actors: Actors, input: object) => object
}

function endpoint<S extends z.ZodType>(
  method: Endpoint['method'],
  path: string,
  does: string,
  schema: S,
  run: (control: Control, input: z.output<S>, actors: Actors) => object,
): Endpoint {
  return { method, path, does, run: (actors, input) => run(actors.control, schema.parse(input), actors) }
}

const nothing = z.strictObject({})
const named = z.strictObject({ name: snapshotName })
// A query is text.
const page = z.strictObject({
  limit: z.preprocess((text) => (text === undefined ? text : Number(text)), entries),
})
/** Everything that can be done below `/_workspace`, as `GET /_workspace` lists it. */
export const endpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    '/reset',
    'everything back to the start, or to another {seed}',
    z.strictObject({ seed: seed.optional() }),
    (control, options) => {
      control.reset(options)
      return { reset: true }
    },
  ),
  endpoint('POST', '/seed', 'fill an empty workspace: {seed}', z.strictObject({ seed }), (control, input) => {
    control.seed(input.seed)
    return { seeded: input.seed }
  }),
  endpoint('GET', '/snapshots', 'names of the snapshots', nothing, (control) => ({
    snapshots: control.snapshots(),
  })),
  endpoint('POST', '/snapshots', 'keep all data under {name}', named, (control, { name }) => {
    control.snapshot(name)
    return { snapshots: control.snapshots() }
  }),
  endpoint('DELETE', '/snapshots', 'forget the snapshot {name}', named, (control, { name }) => {
    control.dropSnapshot(name)
    return { snapshots: control.snapshots() }
  }),
  endpoint('POST', '/restore', 'put the data back as {name} has it', named, (control, { name }) => {
    control.restore(name)
    return { restored: name }
  }),
  endpoint('GET', '/clock', 'the time of the workspace', nothing, ({ clock }) => clock.get()),
  endpoint(
    'POST',
    '/clock',
    'set it: {now} or {offset}, {advance} it, stop or start it: {frozen}; {skew} the server’s own',
    time,
    ({ clock }, { now, offset, advance, frozen, skew }) => {
      if (skew !== undefined) clock.skew(skew)
      if (now !== undefined) clock.set(now)
      if (offset !== undefined) clock.set(Date.now() / 1000 + offset)
      if (advance !== undefined) clock.advance(advance)
      if (frozen !== undefined) frozen ? clock.freeze() : clock.run()
      return clock.get()
    },
  ),
  endpoint(
    'POST',
    '/tokens',
    'make a token: {admin_id, scopes, app}, all optional',
    token,
    (control, input) => control.createToken(input),
  ),
  endpoint(
    'DELETE',
    '/tokens',
    'revoke {access_token}',
    z.strictObject({ access_token: accessToken }),
    (control, input) => ({ revoked: control.revokeToken(input.access_token) }),
  ),
  endpoint('GET', '/faults', 'the rules, and how often each has struck', nothing, (control) => ({
    faults: control.faults(),
  })),
  endpoint(
    'POST',
    '/faults',
    'add a rule: {kind, route, probability, after, count, seed, …}',
    faultRule,
    (control, rule) => control.addFault(rule),
  ),
  endpoint(
    'DELETE',
    '/faults',
    'take the rule {id} away, or all',
    z.strictObject({ id: z.coerce.number().optional() }),
    (control, { id }) => ({ cleared: control.clearFaults(id) }),
  ),
  endpoint('GET', '/search_lag', 'how late searches see what is written', nothing, (control) => ({
    seconds: control.searchLag,
  })),
  endpoint(
    'PUT',
    '/search_lag',
    'let searches see writes {seconds} late; 0 for at once',
    z.strictObject({ seconds: z.number() }),
    (control, { seconds }) => {
      control.setSearchLag(seconds)
      return { seconds: control.searchLag }
    },
  ),
  endpoint('GET', '/rate_limit', 'the limits per ten seconds', nothing, (control) => control.rateLimit),
  endpoint(
    'PUT',
    '/rate_limit',
    'change {app, workspace, phase, reset, foreign}',
    limits,
    (control, changes) => {
      control.setRateLimit(changes)
      return control.rateLimit
    },
  ),
  endpoint('DELETE', '/rate_limit', 'back to the first limits', nothing, (control) => {
    control.setRateLimit()
    return control.rateLimit
  }),
  endpoint('GET', '/rate_windows', 'the latest {limit} windows, newest first', page, (control, input) => ({
    windows: control.rateWindows(input.limit),
  })),
  endpoint('GET', '/rewrite', 'what is done to bodies', nothing, (control) => ({ kinds: control.rewrite })),
  endpoint(
    'PUT',
    '/rewrite',
    'rewrite bodies from now on: {kinds}; [] for as they are',
    z.strictObject({ kinds: rewriting }),
    (control, { kinds }) => {
      control.setRewrite(kinds)
      return { kinds: control.rewrite }
    },
  ),
  endpoint('GET', '/requests', 'the latest {limit} requests, newest first', page, (control, input) => ({
    requests: control.requests(input.limit),
  })),
  endpoint('DELETE', '/requests', 'empty the request log', nothing, (control) => {
    control.clearRequests()
    return { requests: [] }
  }),
  endpoint('GET', '/outbox', 'the latest {limit} messages as people see them', page, (control, input) => ({
    messages: control.outbox(input.limit),
  })),
  endpoint('GET', '/webhooks', 'the subscriptions', nothing, (_control, _input, { webhooks }) => ({
    webhooks: webhooks.list(),
  })),
  endpoint('PUT', '/webhooks', 'subscribe {url, secret, topics, app}', webhook, (_control, input, actors) =>
    actors.webhooks.save(input),
  ),
  endpoint(
    'DELETE',
    '/webhooks',
    'take the subscription of {app} away',
    z.strictObject({ app: z.string().optional() }),
    (_control, { app }, { webhooks }) => ({ removed: webhooks.remove(app) }),
  ),
  endpoint(
    'GET',
    '/deliveries',
    'what was sent to webhooks, oldest first',
    nothing,
    (_control, _input, actors) => ({
      deliveries: actors.webhooks.deliveries(),
    }),
  ),
]
