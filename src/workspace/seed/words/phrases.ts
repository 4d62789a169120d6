/** Words before a contact's first message. Empty ones keep people from sounding all alike. */
export const GREETINGS = [
  '',
  '',
  '',
  'Hi! ',
  'Hello! ',
  'Hi there. ',
  'Good morning! ',
  'Hey team! ',
  'Hello Quillbook! ',
  'Good afternoon. ',
] as const

/** Words after a contact's first message. */
export const CLOSINGS = [
  '',
  '',
  '',
  ' Thanks!',
  ' Thank you in advance.',
  ' Thanks for your help.',
  ' Cheers!',
  ' Best wishes, {sender}',
  '',
  ' Thanks, {sender}',
] as const

/** How admins begin an answer. */
export const ADMIN_GREETINGS = [
  'Hi {first}. ',
  'Hello {first}! ',
  'Hey {first}! ',
  '',
  '',
  'Hi {first}! ',
  'Thanks for writing in! ',
] as const

/** Lines that fit any story, by the part they play in a conversation. */
export const LINES = {
  thanks: [
    '[Perfect|Great|Super|Wonderful], thank you!',
    'That works, thanks [a lot|so much|for the quick help], {agent}.',
    '[Brilliant|Ah, I see]. Many thanks!',
    'Yes, it looks right now. Thank you for your patience.',
    'Thanks, you saved my [day|morning|week].',
    'Works! 🎉',
    'Ok, thank you. I will tell the team.',
    'Got it, thanks. Have a nice [day|weekend|evening]!',
  ],
  welcome: [
    'You’re welcome! [Have a good day.|Just write if anything else comes up.|I’ll close this for now.]',
    '[Glad|Happy] to help! If it comes back, answer here and the conversation opens again.',
    'Any time. Take care!',
    'Great to hear. I am closing this one, but we are only a message away.',
  ],
  bump: [
    'Any news on this?',
    'Hello, is anybody looking at this? It is still the same here.',
    'Just checking whether you got my message.',
    'Sorry to ask again, but we need an answer before {time}.',
  ],
  nudge: [
    'Hi {first}, did that help? If we don’t hear from you, we will close this in a few days.',
    'Just checking in, {first}: is everything working now?',
    'Hello again! I wanted to ask whether you had the time to try it.',
  ],
  check: [
    'Thanks, that helps. May I have a look into your account for this?',
    'One more question: how many people on your team does it concern?',
    'Shall I change it for you, or would you like to do it yourself?',
    'And is that for all locations, or only for one?',
    'Thank you. How urgent is it for you?',
  ],
  checked: [
    'Yes, please go ahead.',
    '[Just me, I think.|All {staff} of us.]',
    'Please do it for me, [I don’t want to break anything|you know it better].',
    'Only for one.',
    '[It can wait until next week.|The sooner the better, to be honest.]',
  ],
  wait: [
    'I have passed this on to a colleague and will come back to you [as soon as I know more|in a few days].',
    'Let me check this with {colleague}. I will write as soon as there is news.',
    'This takes a little longer, please bear with us. I have set a reminder for myself.',
    'I want to be sure before I answer. I will follow up here.',
  ],
  back: [
    'Hi {first}, I am back with news.',
    'Hello {first}, thanks for waiting! I know more now.',
    'A quick update, as promised.',
  ],
  again: [
    'Hello again! One more question about this: does it apply to {feature} too?',
    'Sorry to come back to this: my colleague does not see it. Is that normal?',
    'It worked for a while, but now I am stuck again.',
    'I celebrated too early, there is still something odd with {feature}.',
  ],
  followup: [
    'Thanks for coming back to this. I found a setting that was left over and corrected it. That goes for {feature} as well.',
    'Good that you write! It should be right for good now, I have checked twice.',
    'I see what you mean, and I have changed it for your whole team.',
  ],
  attempt: [
    'Let us try something: could you {step}?',
    'Thanks. Next, please {step} and tell me what you see.',
    'Hm, interesting. What happens when you {step}?',
    'Then one more thing: please {step}.',
  ],
  outcome: [
    'I did that, [but nothing changed|still the same|no difference].',
    'Now it says {code}. [Is that better?|What does that mean?]',
    'Done. It worked once, then it was back.',
    'On {browser} it is the same, on my colleague’s computer it works.',
    'That helped a little: {feature} opens, but it is empty.',
    'Ok, did it. What next?',
  ],
  reassigned: [
    'Handing this over, {colleague} knows more about {topic}.',
    'Could you take this one? You know {topic} better than I do.',
    'I am off from tomorrow, please take over. Customer expects an answer by {soon}.',
    'Escalating: third contact about {topic}.',
  ],
} as const satisfies Record<string, readonly string[]>

/** Things to try, for `{step}`. */
export const STEPS = [
  'log out and in again',
  'open the page in a private window',
  'switch off your ad blocker for a moment',
  'try it on a phone with mobile data',
  'clear the cache of {browser}',
  'create a test booking for {time}',
  'send me a screenshot of the whole page',
  'disconnect {app} for a minute',
  'check the time zone under Settings → Location',
  'try it with another client',
  'remove the {service} and add it again',
  'tell me the number at the bottom of the page',
  'wait ten minutes and reload',
  'ask a colleague to try the same',
  'switch the language to English and back',
  'download {file} once more',
  'open {feature} from the menu instead of the dashboard',
  'turn the buffer off',
  'use the link that I just mailed you',
  'try it again now, I changed something on our side',
] as const

/** Notes on contacts. */
export const CONTACT_NOTES = [
  'Prefers [phone calls|e-mail], best reached [before noon|after 14:00].',
  'Runs {staff} calendars, [opens a second location in {nextmonth}|wants to grow next year].',
  'Met at the trade fair. Interested in {feature}.',
  'Asked for a quote for the {plan} plan, {amount} agreed until {soon}.',
  'Speaks little English, short sentences help.',
  'Reference customer: happy to talk to others about {service} bookings.',
  'Uses {app} for the books. Sync matters to them.',
  'Careful with mails in {month}, that is their high season.',
  'Was on the call of {date}. Next step: [offer|trial of {feature}|training for the team].',
] as const

/** What people add to a rating, by its score from 1 to 5. */
export const REMARKS = [
  ['Nobody understood my question.', 'Far too slow.'],
  ['Took several days.', 'Had to ask three times.'],
  ['Okay, but the problem could come back.', 'Friendly, not quite solved.'],
  ['Quick and friendly.', 'Good help, a bit slow.'],
  ['Super fast, thank you!', 'Best support I know.', 'Patient and clear. 👏', 'Solved in one message.'],
] as const

/** Values for the slots of the templates that don’t depend on anything. */
export const FILLERS = {
  plan: ['Solo', 'Studio', 'Business'],
  browser: ['Chrome', 'Firefox', 'Safari', 'Edge', 'Chrome on a tablet', 'Safari on an iPad'],
  feature: [
    'the weekly view',
    'the client list',
    'the calendar',
    'online payments',
    'the reports',
    'gift vouchers',
    'the reminders',
    'class passes',
    'the booking page',
    'room planning',
  ],
  file: [
    'clients.csv',
    'export-2025.csv',
    'members_final.xlsx',
    'kunden.csv',
    'contacts (2).csv',
    'bookings.csv',
  ],
  service: [
    'massage',
    'yoga class',
    'haircut',
    'piano lesson',
    'check-up',
    'pottery course',
    'trial lesson',
    'dog grooming',
    'photo session',
    'swimming lesson',
    'first consultation',
  ],
  app: ['Google Calendar', 'Outlook', 'Xero', 'DATEV', 'Mailchimp', 'Zapier', 'QuickBooks', 'Zoom'],
  ledger: ['Xero', 'DATEV', 'QuickBooks', 'Sage'],
  them: ['her', 'him', 'them'],
} as const satisfies Record<string, readonly string[]>
