import type { z } from 'zod'
import type { Failure } from '../errors.ts'
import type { Memory } from './memory.ts'
import type { NumberedPage, PagePart } from './page-part.ts'
import type { Port } from './port.ts'
import type { Preview } from './preview.ts'
import type { Verify } from './verify.ts'

/** What a search looks for: the fields it names, and the words it wants in a text. */
export type Sought = { fields: string[]; words: string[] }

/**
 * `read` changes nothing; `update`: twice is the same as once; `create`: twice adds two; `send` reaches a
 * customer and cannot be taken back. Approvals, read-only mode and MCP hints follow from this word.
 */
export type Effect = 'read' | 'update' | 'create' | 'send'

/** What an action declares: adapters, flags and documentation are derived from it. */
export type ActionInfo<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> = {
  /** snake_case; the camelCase function and the `contracts/` file follow from it. */
  name: Name
  title: string
  /** Read by models: what it does, when to use which, where an id comes from. */
  description: string
  effect: Effect
  /** Where the input decides: the effect of one. `effect` is the gravest of them. */
  effectOf?(input: z.output<Input>): Effect
  /** It destroys what cannot be restored: it is confirmed, and switched off, as sends are. */
  destructive?: true
  /** An update that loses nothing that was there, so that hosts need not warn. */
  overwrites?: false
  /** A write whose answer is a whole object, of which a model needs to see only what it has become. */
  confirms?: true
  /** An object schema; a transform may follow. */
  input: Input
  /** Made by `envelope`. */
  output: Output
  /** Where it gets one thing by its id: the thing's collection, and the parameter that takes the id. */
  resource?: { collection: string; parameter: string }
  /** What to do next, by Intercom's status: added to the error text. */
  hints?: Partial<Record<400 | 404 | 409 | 422, string>>
  /** Names that a parameter has elsewhere: an error asks whether it was meant. They are never accepted. */
  otherNames?: Readonly<Record<string, string>>
  /** How `hostInput` reads this action's parameters where the rule of their types is not enough. */
  host?: HostReading
}

/** By parameter. */
export type HostReading = {
  /** Required texts that may be blank. */
  mayBeEmpty?: readonly string[]
  /** Gets what the rule of its type made of a value, and the whole input as it was given. */
  read?: Readonly<Record<string, (value: unknown, input: Readonly<Record<string, unknown>>) => unknown>>
}

/** An action: what it declares, and how it runs. */
export type Action<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends EnvelopeSchema = EnvelopeSchema,
  Own extends OwnKeys<Output> = OwnKeys<Output>,
> = ActionInfo<Name, Input, Output> & {
  /** How to read back whether its one non-idempotent request took effect. Needed by every such request. */
  verify?: Verify<z.output<Input>>
  /**
   * Speaks through the port alone. It throws for failures; `runAction` turns them into the envelope. `memory`
   * lives as long as the client. What it answers is the type of a success.
   */
  run(intercom: Port, input: z.output<Input>, memory: Memory): Promise<Own>
  /**
   * Finds by reading what Intercom would refuse in an input whose schema fits, for those who check many inputs before
   * any is sent. Throws the `IntercomError` to show. One `memory` for all inputs: what was read serves the next.
   */
  check?(intercom: Port, input: z.output<Input>, memory: Memory): Promise<void>
  /** For a write without `verify`: what it writes to, where its first parameter does not name that. */
  writesTo?(input: z.output<Input>): string
  /** What was searched, for a model to read when nothing was found. */
  searched?(input: z.output<Input>): string
  /** What the caller has to know besides the answer of a success, found by reading. */
  remarks?(intercom: Port, input: z.output<Input>): Promise<string[]>
  /**
   * What a person has to see before they decide on a call. It only reads, in five requests at most, and throws where
   * the call could not succeed.
   */
  preview?(intercom: Port, input: z.output<Input>, memory: Memory): Promise<Preview>
  /** What the rows of its answer have to show. */
  sought?(input: z.output<Input>): Sought
  /** The rows that a list in pages was asked for: it can go on within a page. */
  part?(input: z.output<Input>): PagePart | NumberedPage | undefined
}

/** Any action, for code that handles all of them alike. */
export type AnyAction = ActionInfo & {
  verify?: Verify<never>
  run(intercom: Port, input: never, memory: Memory): Promise<object>
  check?(intercom: Port, input: never, memory: Memory): Promise<void>
  writesTo?(input: never): string
  searched?(input: never): string
  remarks?(intercom: Port, input: never): Promise<string[]>
  preview?(intercom: Port, input: never, memory: Memory): Promise<Preview>
  sought?(input: never): Sought
  part?(input: never): PagePart | NumberedPage | undefined
}

/**
 * Whether a journal records each request of the action before it is transmitted. Requests that can be repeated are not
 * recorded, and an update may make either kind. False for an unknown action.
 */
export function recordsSends(action: Pick<AnyAction, 'verify' | 'effect'> | undefined): boolean {
  return action?.verify !== undefined && action.effect !== 'update'
}

/** The effect of a parsed input. */
export function effectIn(action: Pick<ActionInfo, 'effect' | 'effectOf'>, input: unknown): Effect {
  return action.effectOf?.(input) ?? action.effect
}

/** An envelope of any action. */
export type Envelope = { [key: string]: unknown } & (
  | { success: true; error: null }
  | { success: false; error: string }
)

/** An envelope, and for programs the failure behind its `error`. */
export type Result<Output = Envelope> = { output: Output; failure: Failure | null }

/** What a preview found, or the failure of the call that it was for. */
export type Previewed =
  | { preview: Preview; failure: null }
  | { preview: null; output: Envelope; failure: Failure }

/** An output schema as `envelope` makes it. */
export type EnvelopeSchema = z.ZodObject<{ success: z.ZodBoolean; error: z.ZodType<string | null> }>

/** An envelope's keys besides `success` and `error`. */
export type OwnKeys<Output extends EnvelopeSchema> = Omit<z.output<Output>, 'success' | 'error'>

/** Defines an action. Its only work is to let TypeScript infer the types of `run` from the schemas. */
export function defineAction<
  Name extends string,
  Input extends z.ZodType,
  Output extends EnvelopeSchema,
  Own extends OwnKeys<Output>,
>(action: Action<Name, Input, Output, Own>): Action<Name, Input, Output, Own> {
  return action
}
