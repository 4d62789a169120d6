import {
  TimeoutError,
  type WorkflowContext,
  type WorkflowSharedContext,
  workflow,
} from '@restatedev/restate-sdk'
import type { Intercom } from 'modulex-intercom'
import type { IntercomService } from 'modulex-intercom/restate'

/** Options of the workflow. */
export type SupportOptions = {
  /** Reads for the workflow. Restate keeps only what its steps return. */
  intercom: Intercom
  /** The admin who answers. */
  admin_id: string
  tag_id: string
  /** How long to wait for the customer before the reminder, ms. */
  reminderAfterMs: number
}

/**
 * Handles a new conversation, whose id is the workflow's key: each step once, even if any machine fails at any time. It
 * can wait for days.
 */
export function supportWorkflow({ intercom, admin_id, tag_id, reminderAfterMs }: SupportOptions) {
  return workflow({
    name: 'support',
    options: { journalRetention: 0 }, // what customers wrote leaves Restate when the run ends
    handlers: {
      run: async (ctx: WorkflowContext): Promise<'answered' | 'reminded' | 'left to a person'> => {
        const conversation_id = ctx.key
        const durable = ctx.serviceClient<IntercomService>({ name: 'intercom' })
        const say = (body: string, message_type: 'comment' | 'note' = 'comment') =>
          durable.reply_to_conversation({
            conversation_id,
            reply_type: 'admin',
            message_type,
            admin_id,
            body,
          })

        const contact_id = await ctx.run('who wrote', async () => {
          const { output, failure } = await intercom.call('get_conversation', { conversation_id })
          if (failure?.retryable) throw new Error(failure.code) // Restate retries
          return output.result?.contacts?.contacts[0]?.id ?? null
        })
        if (contact_id === null) return 'left to a person'
        const email = await ctx.run('their address', async () => {
          const { output, failure } = await intercom.call('get_contact', { contact_id })
          if (failure?.retryable) throw new Error(failure.code)
          return output.result?.email ?? null
        })
        if (email !== null) {
          await durable.upsert_contact({ email, custom_attributes: { support_workflow: true } })
        }
        await durable.add_tag_to_contact({ contact_id, tag_id })
        await durable.create_note({
          contact_id,
          body: `Conversation ${conversation_id}: answered by the workflow.`,
        })

        const reply = await say('Thank you for writing. Which order is it about?')
        if (!reply.success) {
          // Nobody knows whether it arrived; sending it again could reach the customer twice.
          await say('The workflow does not know whether its first answer arrived. Please look.', 'note')
          return 'left to a person'
        }

        try {
          await ctx.promise('answer').get().orTimeout(reminderAfterMs)
          return 'answered'
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error
          const reminder = await say('Do you still need us? Just answer here with the number of your order.')
          return reminder.success ? 'reminded' : 'left to a person'
        }
      },

      /** The customer has written again. */
      answered: async (ctx: WorkflowSharedContext): Promise<void> => {
        await ctx.promise('answer').resolve()
      },
    },
  })
}
