import { z } from 'zod'
import { faultRule } from '../faults/fault.ts'
import type { Fixture } from '../fixtures/schema.ts'
import { isObject } from '../http/input.ts'
import type { WorkspaceWebhooks } from '../webhooks/webhooks.ts'
import type { Control } from './control.ts'
import {
  accessToken,
  changes,
  entries,
  limits,
  messengerAnswer,
  rewriting,
  seed,
  snapshotName,
  time,
  token,
  visitor,
  webhook,
} from './input.ts'

/** What the endpoints act on. */
export interface Actors {
  readonly control: Control
  readonly webhooks: WorkspaceWebhooks
}

/** One endpoint below `/_workspace`. Its input is the query and the body as one object. */
export interface ControlEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly description: string
  readonly run: (actors: Actors, input: object) => object
}

function endpoint<S extends z.ZodType>(
  method: ControlEndpoint['method'],
  path: string,
  description: string,
  schema: S,
  run: (control: Control, input: z.output<S>, actors: Actors) => object,
): ControlEndpoint {
  return {
    method,
    path,
    description,
    run: (actors, input) => run(actors.control, schema.parse(input), actors),
  }
}

const nothing = z.strictObject({})
const named = z.strictObject({ name: snapshotName })
// Query parameters are text.
const page = z.strictObject({
  limit: z.preprocess((text) => (text === undefined ? text : Number(text)), entries),
})

const messengerAsked = page.extend({
  contact: z.string(),
  conversation: z.string().optional(),
  message: z.string().optional(),
  ticket: z.string().optional(),
})

const changesQuery = z.strictObject({
  since: z.string().optional(),
  limit: z.string().optional(),
  entity: z.string().optional(),
  entity_id: z.string().optional(),
  token: z.string().optional(),
})

/** As {@link changes}, in a query: `since` is the id of a change or a date. */
function asChanges({ since, limit, ...filter }: z.output<typeof changesQuery>) {
  return changes.parse({
    ...filter,
    ...(since !== undefined && { since: /^\d+$/.test(since) ? Number(since) : new Date(since) }),
    ...(limit !== undefined && { limit: Number(limit) }),
  })
}

/** Which changes to list live. */
export const liveChangesAsked = changesQuery.transform(asChanges)

const changesAsked = changesQuery
  .extend({ checkpoint: snapshotName.optional() })
  .transform(({ checkpoint, ...query }) => ({ checkpoint, query: asChanges(query) }))

/** The endpoints below `/_workspace`, in the order in which `GET /_workspace` lists them. */
export const endpoints: readonly ControlEndpoint[] = [
  endpoint(
    'POST',
    '/reset',
    'restore the workspace to how it was created (a fixture file is read again), or to another {seed} or {fixtures}, an object or a text of YAML or JSON',
    z.strictObject({
      seed: seed.optional(),
      fixtures: z.union([z.string(), z.custom<Fixture>(isObject)], 'takes an object, or a text').optional(),
    }),
    (control, options) => {
      control.reset(options)
      return { reset: true }
    },
  ),
  endpoint('GET', '/export', 'get the present state as a fixture, which /reset takes', nothing, (control) =>
    control.export(),
  ),
  endpoint('POST', '/seed', 'fill an empty workspace: {seed}', z.strictObject({ seed }), (control, input) => {
    control.seed(input.seed)
    return { seeded: input.seed }
  }),
  endpoint('GET', '/snapshots', 'list the snapshots', nothing, (control) => ({
    snapshots: control.snapshots(),
  })),
  endpoint('POST', '/snapshots', 'copy all data under {name}', named, (control, { name }) => {
    control.snapshot(name)
    return { snapshots: control.snapshots() }
  }),
  endpoint('DELETE', '/snapshots', 'delete the snapshot {name}', named, (control, { name }) => {
    control.dropSnapshot(name)
    return { snapshots: control.snapshots() }
  }),
  endpoint('POST', '/restore', 'restore the data of the snapshot {name}', named, (control, { name }) => {
    control.restore(name)
    return { restored: name }
  }),
  endpoint(
    'GET',
    '/changes',
    'list changes {since} an id or a date, or since a {checkpoint}, of {entity}, {entity_id}, {token}; as text/event-stream, live',
    changesAsked,
    (control, { checkpoint, query }) =>
      checkpoint === undefined ? control.changes(query) : control.changesSince(checkpoint, query),
  ),
  endpoint('GET', '/checkpoints', 'list the checkpoints', nothing, (control) => ({
    checkpoints: control.checkpoints(),
  })),
  endpoint('POST', '/checkpoints', 'name the present moment {name}', named, (control, { name }) =>
    control.checkpoint(name),
  ),
  endpoint('DELETE', '/checkpoints', 'forget the checkpoint {name}', named, (control, { name }) => ({
    dropped: control.dropCheckpoint(name),
  })),
  endpoint('POST', '/rewind', 'bring all data back to the checkpoint {name}', named, (control, { name }) =>
    control.rewind(name),
  ),
  endpoint('GET', '/clock', 'get the workspace’s time', nothing, ({ clock }) => clock.get()),
  endpoint(
    'POST',
    '/clock',
    'set {now} or {offset}, {advance} by seconds, stop or continue with {frozen}, {skew} the server’s clock',
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
    'create a token: {admin_id, scopes, app}, all optional',
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
  endpoint(
    'POST',
    '/visitors',
    'let somebody open the Messenger: {user_id, name, email}, all optional',
    visitor,
    (control, input) => control.createVisitor(input),
  ),
  endpoint(
    'GET',
    '/faults',
    'list the rules, with how often each matched and was injected',
    nothing,
    (control) => ({
      faults: control.faults(),
    }),
  ),
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
    'remove the rule {id}, or all',
    z.strictObject({ id: z.coerce.number().optional() }),
    (control, { id }) => ({ cleared: control.clearFaults(id) }),
  ),
  endpoint('GET', '/search_lag', 'get how many seconds searches lag behind writes', nothing, (control) => ({
    seconds: control.searchLag,
  })),
  endpoint(
    'PUT',
    '/search_lag',
    'make searches lag {seconds} behind writes; 0 for no lag',
    z.strictObject({ seconds: z.number() }),
    (control, { seconds }) => {
      control.setSearchLag(seconds)
      return { seconds: control.searchLag }
    },
  ),
  endpoint('GET', '/rate_limit', 'get the limits per ten seconds', nothing, (control) => control.rateLimit),
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
  endpoint('DELETE', '/rate_limit', 'restore the initial limits', nothing, (control) => {
    control.setRateLimit()
    return control.rateLimit
  }),
  endpoint(
    'GET',
    '/rate_windows',
    'list the latest {limit} windows, newest first',
    page,
    (control, input) => ({
      windows: control.rateWindows(input.limit),
    }),
  ),
  endpoint('GET', '/rewrite', 'get how bodies are rewritten', nothing, (control) => ({
    kinds: control.rewrite,
  })),
  endpoint(
    'PUT',
    '/rewrite',
    'rewrite bodies from now on: {kinds}; [] for no rewriting',
    z.strictObject({ kinds: rewriting }),
    (control, { kinds }) => {
      control.setRewrite(kinds)
      return { kinds: control.rewrite }
    },
  ),
  endpoint(
    'GET',
    '/requests',
    'list the latest {limit} requests, newest first; as text/event-stream, live',
    page,
    (control, input) => ({
      requests: control.requests(input.limit),
    }),
  ),
  endpoint('DELETE', '/requests', 'clear the request log', nothing, (control) => {
    control.clearRequests()
    return { requests: [] }
  }),
  endpoint(
    'GET',
    '/outbox',
    'list the latest {limit} messages as their recipients see them',
    page,
    (control, input) => ({
      messages: control.outbox(input.limit),
    }),
  ),
  endpoint(
    'GET',
    '/messenger',
    'get what {contact} sees in the Messenger: the list, or one {conversation}, unanswered {message} or {ticket}',
    messengerAsked,
    (control, { contact, limit, ...place }) =>
      Object.keys(place).length === 0
        ? control.messenger(contact, limit)
        : control.messengerThread(contact, place),
  ),
  endpoint(
    'POST',
    '/messenger',
    'answer the {message} of an admin as its {contact}: {body}; what has a conversation is answered by Intercom’s API',
    messengerAnswer,
    (control, { contact, message, body }) => ({
      conversation_id: control.answerInMessenger(contact, message, body),
    }),
  ),
  endpoint('GET', '/webhooks', 'list the subscriptions', nothing, (_control, _input, { webhooks }) => ({
    webhooks: webhooks.list(),
  })),
  endpoint('PUT', '/webhooks', 'subscribe {url, secret, topics, app}', webhook, (_control, input, actors) =>
    actors.webhooks.save(input),
  ),
  endpoint(
    'DELETE',
    '/webhooks',
    'remove the subscription of {app}',
    z.strictObject({ app: z.string().optional() }),
    (_control, { app }, { webhooks }) => ({ removed: webhooks.remove(app) }),
  ),
  endpoint(
    'GET',
    '/deliveries',
    'list deliveries, oldest first; of one {id}, its payload; as text/event-stream, live',
    z.strictObject({ id: z.coerce.number().optional() }),
    (_control, { id }, { webhooks }) =>
      id === undefined ? { deliveries: webhooks.deliveries() } : webhooks.delivery(id),
  ),
  endpoint(
    'POST',
    '/deliveries',
    'send the notification of the delivery {id} once more',
    z.strictObject({ id: z.coerce.number() }),
    (_control, { id }, { webhooks }) => {
      webhooks.sendAgain(id)
      return { queued: id }
    },
  ),
]
