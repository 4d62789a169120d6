// The types of every action by its name, for `typesOf` to read.
import type { z } from 'zod'
import type { actions } from '../src/actions/index.ts'
import type { ToolsetName, toolsets } from '../src/actions/toolsets.ts'
import type { OwnKeys } from '../src/core/action.ts'

type Listed = (typeof actions)[number] | (typeof toolsets)[ToolsetName][number]

/** What a caller gives. */
export type Inputs = { [One in Listed as One['name']]: z.input<One['input']> }
/** What a call that worked answers besides `success` and `error`. */
export type Results = { [One in Listed as One['name']]: Awaited<ReturnType<One['run']>> }
/** What the same keys may hold after a failure. */
export type Defaults = { [One in Listed as One['name']]: OwnKeys<One['output']> }
