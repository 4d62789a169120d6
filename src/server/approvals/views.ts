import { actionNamed } from '../../actions/toolsets.ts'
import type { Approval } from '../../approvals/approval.ts'
import { shortened } from '../../errors.ts'

/** Characters of a text in a list. */
const excerptLength = 200

/** An approval as an operator sees it: what the composer draws. */
export function operatorView(approval: Approval) {
  const { workspace: _, identity: __, ...seen } = approval
  return { ...seen, title: titleOf(approval) }
}

/** The same in a list: excerpts of its texts, and nothing of the conversation. */
export function rowOf(approval: Approval) {
  const { input: _, edited, preview, outcome, ...rest } = operatorView(approval)
  const excerpt = (text: string | null) => text && shortened(text, excerptLength)
  return {
    ...rest,
    is_edited: edited !== null,
    preview: preview && {
      ...preview,
      text: excerpt(preview.text),
      shown: excerpt(preview.shown),
      conversation: null,
    },
    outcome: outcome && {
      output: { success: outcome.output.success, error: outcome.output.error },
      failure: outcome.failure,
    },
  }
}

/** The action's own title: never a caller's words. */
export function titleOf({ action }: Pick<Approval, 'action'>): string {
  return actionNamed(action)?.title ?? action
}
