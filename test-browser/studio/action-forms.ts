import type { Page } from 'playwright-core'
import type { AnyAction } from '../../src/core/action.ts'
import { describe } from '../../src/core/describe.ts'
import { createIntercom } from '../../src/index.ts'
import { type Action, fieldsOf } from '../../src/studio/actions/fields.ts'
import { valuesOf } from '../../src/studio/actions/values.ts'
import { actionExamples } from '../../test/support/action-examples.ts'
import {
  type ToolsetSubjects,
  toolsetExamples,
  toolsetSubjects,
} from '../../test/support/toolset-examples.ts'
import { accessToken, type Studio } from './support.ts'

type Input = Record<string, unknown>

/** One good input for each action. */
export const examples = { ...actionExamples, ...toolsetExamples } as unknown as Record<
  string,
  (of: ToolsetSubjects) => Input
>

/** What the examples act on; the local Intercom stands still from then on, and `restore` brings it back to this. */
export async function prepared({ control, intercom, intercomUrl: baseUrl }: Studio) {
  await control('PUT', '/rate_limit', { app: false, workspace: false })
  await control('POST', '/clock', { frozen: true })
  const of = await toolsetSubjects(createIntercom({ accessToken, baseUrl, toolsets: ['all'] }))
  await intercom('PUT', `/conversations/${of.conversation}`, { read: false }) // so that reading it changes it
  await control('POST', '/snapshots', { name: 'start' })
  return { of, restore: () => control('POST', '/restore', { name: 'start' }) }
}

/** Types an input into the form that is shown, field by field, as a person would. */
export async function fill(page: Page, action: AnyAction, input: Input): Promise<void> {
  const { name, input_schema } = describe(action)
  const { values } = valuesOf(
    fieldsOf({ name, input_schema } as Pick<Action, 'name' | 'input_schema'>),
    input,
  )
  for (const [parameter, text] of Object.entries(values)) {
    const control = page.locator(`[data-name="${parameter}"] :is(input, textarea, select)`).first()
    if (text === null) await page.locator(`[data-name="${parameter}"] input[type=checkbox]`).check()
    else if (await control.evaluate((one) => one instanceof HTMLSelectElement))
      await control.selectOption(text)
    else await control.fill(text)
  }
}

/** Presses what runs the form, and waits for the call's own answer. */
export async function ran(page: Page, name: string, keys = 'Control+Enter') {
  const answered = page.waitForResponse(
    (response) =>
      response.url().includes(`/actions/${name}?explain=true`) && response.request().method() === 'POST',
  )
  await page.keyboard.press(keys)
  const response = await answered
  const body = (await response.json()) as { envelope: Input; outcome: string; requests: Input[] }
  await page.locator('.outcome strong').waitFor()
  return {
    body,
    status: response.status(),
    headers: response.request().headers(),
    sent: response.request().postDataJSON(),
  }
}
