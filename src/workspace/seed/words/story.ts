/**
 * One matter in the words of both sides. The texts are templates: `{slot}` is filled with something that stays the
 * same through the whole conversation, `[one|other]` is a choice.
 */
export type Case = {
  /** The language of the contact's words; English where there is none. */
  language?: string
  /** The first message: of the contact, or of the admin in an outbound story. */
  opening: string
  /** What an admin asks back; outbound stories need none. */
  ask?: string
  /** What the contact answers to that, or to the outbound message. */
  detail: string
  /** The admin's answer that settles it. */
  solve: string
}

/** A kind of matter that comes up again and again. */
export type Story = {
  /** Value of the conversation attribute `Topic`. */
  topic: string
  /** Name of the tag that fits. */
  tag: string
  /** The team it is routed to: its place in the list of teams. */
  team: 0 | 1
  /** How often it comes up, beside the other stories. */
  share: number
  /** Subjects of e-mails. */
  subject: readonly string[]
  cases: readonly Case[]
  /** What admins tell each other. */
  note: readonly string[]
}
