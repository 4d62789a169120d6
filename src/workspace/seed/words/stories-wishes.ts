import type { Story } from './story.ts'

/** What people write when they want to do something: wishes, first steps, connections, privacy. */
export const WISH_STORIES: readonly Story[] = [
  {
    topic: 'Feature request',
    tag: 'Feature request',
    team: 0,
    share: 7,
    subject: ['An idea', 'Could Quillbook do this?'],
    cases: [
      {
        opening:
          'It would be great to have a waiting list for a full {service}. [Is that planned?|We do it on paper now.]',
        ask: 'Nice idea! How would you like it to work when a place becomes free: first come, first served, or do you choose?',
        detail: 'First come, first served would be fine.',
        solve:
          'Good news: a first version is in beta. I have switched it on for you, you find it under Settings → Labs.',
      },
      {
        opening:
          'Could {feature} show the phone number too? We [always have to click through|call people a lot].',
        ask: 'Would it be enough to see it in the daily overview?',
        detail: 'Yes, that would help a lot already.',
        solve:
          'Then you can have it today: Settings → Overview → Columns → Phone. I have added your vote for {feature}, too.',
      },
      {
        opening:
          'Is there a way to take payment in two currencies? [Half of our guests come from abroad.|We are close to the border.]',
        ask: 'Thanks for the suggestion. How often does that come up for you, in a week?',
        detail: 'Five or six times a week.',
        solve:
          'We won’t build this soon, to be honest. Until then, a second location with its own currency does the job for many studios.',
      },
      {
        opening: 'Please add a dark mode, our front desk is dark in the evening.',
        ask: 'You are not alone with this wish! Is it for the browser or for the tablet app?',
        detail: 'For {browser}, at the front desk.',
        solve: 'It is on the list for {nextmonth}, and you will hear from us when it is ready.',
      },
      {
        opening: 'Can clients book a {service} for two people at once? Now they have to do it twice.',
        ask: 'Do both always come at the same time, or one after the other?',
        detail: 'At the same time, mostly couples.',
        solve:
          'For that, set “places per booking” of the {service} to 2. Clients are then asked how many they are.',
      },
    ],
    note: ['+1 for this wish.', 'Would be a good beta tester.', 'Asked for in 14 other conversations.'],
  },
  {
    topic: 'Onboarding',
    tag: 'Onboarding',
    team: 0,
    share: 6,
    subject: ['Getting started', 'Setting up {staff} calendars'],
    cases: [
      {
        opening:
          'I just signed up and wonder where to begin. We are {staff} people and offer [mostly|among others] {service}s.',
        ask: 'Welcome to Quillbook! Do you already have a list of clients somewhere that you want to bring along?',
        detail: 'Yes, a spreadsheet with {rows} lines.',
        solve:
          'Then this order works best: calendars, services, import, booking page. I have sent you our checklist.',
      },
      {
        opening:
          'How do I put the booking button on our website? [We use a site builder.|Our site is made by hand.]',
        ask: 'Can you paste a piece of code into the page yourself?',
        detail: 'I think so. A friend made the site.',
        solve:
          'Copy the two lines under Settings → Booking page → Embed into your page, just before the end of the body. The button picks up your colours.',
      },
      {
        opening: 'Can I invite my team without them seeing the revenue?',
        ask: 'Yes! Do they need to see each other’s calendars?',
        detail: 'Only their own, but the front desk needs all.',
        solve:
          'Invite them as “Staff”: they see their own calendar and clients, but no totals. For the front desk, tick “All calendars”.',
      },
      {
        opening:
          'We want to start on {soon}. [Can you show us the basics?|Is there somebody who could show us around?]',
        ask: 'Glad you are here. Do all of you have your own hours, or do you share a room?',
        detail: 'Everybody has their own hours, and there are two rooms.',
        solve:
          'I have put a 30-minute call into your calendar before {soon}. We will set up one calendar together, and the rest is copy and paste.',
      },
    ],
    note: ['Wants to be ready by {soon}.', 'Promising: {staff} calendars, starts soon.'],
  },
  {
    topic: 'Integrations',
    tag: 'Integration',
    team: 0,
    share: 6,
    subject: ['Connection to {app}', 'Sync problem'],
    cases: [
      {
        opening:
          'The connection to {app} stopped on {date}. [It says “please reconnect”, but that does not help.|No message at all.]',
        ask: 'Could you tell me which account of {app} is connected? You see it under Settings → Connections.',
        detail: 'It is the account of our front desk.',
        solve:
          'Its password was changed, which ends the connection. I reconnected it from our side, and the {rows} entries that were missing are being sent now.',
      },
      {
        opening:
          'Bookings from Quillbook arrive in our other calendar, but not the other way round. [Is that meant to be so?|What am I missing?]',
        ask: 'Is that calendar shared with you, or do you own it? Shared ones can only be read.',
        detail: 'It is shared with me. So that’s why!',
        solve: 'Please connect the owner’s account instead. Then both directions work within a few minutes.',
      },
      {
        opening: 'Does Quillbook have webhooks? Our developer wants to be told about each new {service}.',
        ask: 'Sure. Which events does your developer need, and does the address take a POST with JSON?',
        detail: 'New and cancelled bookings, and yes, JSON is fine.',
        solve:
          'They are part of your plan: Settings → Developers. Each call is signed, and we retry for a day.',
      },
      {
        opening: 'Invoices reach {ledger} without the tax rate. Our bookkeeper is not amused.',
        ask: 'Sorry about that. Does it concern all invoices, or only those with several rates?',
        detail: 'Only those with two rates, like {invoice}.',
        solve:
          'I have mapped the second rate for you. Invoices from today on are right, and {invoice} was sent again.',
      },
    ],
    note: ['Token of {app} revoked on {date}.', 'Developer asks good questions, point to the docs.'],
  },
  {
    topic: 'Privacy',
    tag: 'Urgent',
    team: 0,
    share: 3,
    subject: ['Data protection', 'A question about our clients’ data'],
    cases: [
      {
        opening:
          'A client asked us to delete everything we have about {them}. [How do we do that?|Is archiving enough?]',
        ask: 'Are there paid invoices for this client? Those have to be kept, but the rest can go.',
        detail: 'Two invoices, from {month}.',
        solve:
          'Open the client, choose “Delete for good”. Name and notes are removed everywhere, and the invoices stay without contact details.',
      },
      {
        opening:
          'We need a signed data processing agreement before {soon}. [Where do I find it?|Who signs it on your side?]',
        ask: 'Of course. Which company name and address should the agreement carry?',
        detail: 'The ones on our invoices.',
        solve: 'It is ready under Settings → Legal, signed by us. Your click there counts as your signature.',
      },
      {
        opening: 'Where are your servers, and who can see our clients’ health notes?',
        ask: 'Good that you ask. Is that for a form you have to fill in? Then I will send it in the right words.',
        detail: 'Yes, for our insurance.',
        solve:
          'All data is kept in two data centres within your region. Notes are encrypted, and our staff see them only when you allow it.',
      },
    ],
    note: ['Due by {soon}.', 'Asked legal to have a look.'],
  },
  {
    topic: 'Language',
    tag: 'Onboarding',
    team: 0,
    share: 5,
    subject: ['Idioma / Langue / Sprache / 语言', 'Booking page in our language'],
    cases: [
      {
        opening:
          'Can the booking page be in two languages? [Half of our clients speak another one.|We have many visitors from abroad.]',
        ask: 'It can! Which two would you like to offer?',
        detail: 'English, and the one that is spoken in {country}.',
        solve:
          'Settings → Booking page → Language takes two now, and each client gets the reminders in the language they booked in.',
      },
      {
        language: 'es',
        opening:
          'Buenos días, ¿se puede poner la página de reservas en español? Nuestros clientes [no entienden inglés|se confunden].',
        ask: '¡Hola! I will answer in English, I hope that is fine. Do you want the reminders in Spanish, too?',
        detail: 'Sí, por favor, también los recordatorios.',
        solve: 'Settings → Booking page → Language is now Español, for the page and for the reminders.',
      },
      {
        language: 'fr',
        opening: 'Bonjour, je n’arrive pas à ajouter un deuxième créneau le jeudi. Pouvez-vous m’aider ?',
        ask: 'Bonjour ! May I reply in English? At what time should it be?',
        detail: 'À {time}. English is fine!',
        solve:
          'You can add it under Calendar → Hours. I have done it for Thursday at {time}, please have a look.',
      },
      {
        language: 'de',
        opening: 'Guten Tag, in der SMS-Erinnerung steht “f?r Ihren Termin”. Die Umlaute fehlen seit {date}.',
        ask: 'Hallo! I hope English is okay. Does it happen with every phone number, or only with some?',
        detail: 'Nur bei manchen. English is okay.',
        solve: 'Fixed: messages with special characters are now sent as Unicode. Grüße from the team!',
      },
      {
        language: 'zh',
        opening: '你好,导入客户名单以后,中文姓名变成了乱码。请问怎么解决?',
        ask: '您好! May I answer in English? Which program did you save {file} with?',
        detail: '用的是 Excel。English is OK.',
        solve:
          'Thank you! I converted {file} to UTF-8 and imported it again; all {rows} names look right now.',
      },
      {
        language: 'ar',
        opening: 'مرحبا، هل يمكن عرض صفحة الحجز باللغة العربية؟',
        ask: 'مرحبا! May I reply in English? Should the page be shown from right to left, too?',
        detail: 'نعم، شكرا. English is fine.',
        solve:
          'It is switched on: the page is in Arabic and reads from right to left. Please tell us if a word sounds odd.',
      },
    ],
    note: ['Replies in English are fine.', 'The translation needs a native check.'],
  },
]

/** Conversations that an admin begins. */
export const OUTBOUND_STORIES: readonly Story[] = [
  {
    topic: 'Onboarding',
    tag: 'Onboarding',
    team: 0,
    share: 5,
    subject: ['How is it going?', 'Your first weeks with Quillbook'],
    cases: [
      {
        opening:
          'Hi {first}, {agent} from Quillbook here. You have been with us for a few weeks now. Is there anything that keeps you from using {feature}?',
        detail:
          'Hi {agent}! [We have not found the time yet.|To be honest, I don’t know where to begin.] Could you show us {feature}?',
        solve: 'With pleasure. I have sent you an invitation for {soon} at {time}; twenty minutes will do.',
      },
      {
        opening:
          'Hello {first}, I noticed that your booking page is not online yet. Can I help you with the last steps?',
        detail: 'We were just busy. [A short call would help!|What is still missing?]',
        solve:
          'Only the opening hours are missing. I have filled in what is on your website, please check them and press “Publish”.',
      },
    ],
    note: ['Check in again before the renewal.'],
  },
  {
    topic: 'Billing',
    tag: 'Billing',
    team: 1,
    share: 4,
    subject: ['Your renewal on {soon}', 'A word about your plan'],
    cases: [
      {
        opening:
          'Hi {first}, your {plan} plan renews on {soon} for {amount}. Would you like to stay on it, or shall we look at your options together?',
        detail: '[Please keep it as it is.|It is fine as it is, thanks for asking.]',
        solve: 'Noted, everything stays as it is. {invoice} will reach you on {soon}.',
      },
      {
        opening:
          'Hello {first}, the card ending in {card} runs out soon. Could you add the new one, so that nothing stops?',
        detail: 'Thanks for the reminder, [I have just done it|I will do it today].',
        solve: 'I see the new card, thank you. The next payment of {amount} is on {soon}.',
      },
    ],
    note: ['Renewal talk, see CRM.'],
  },
  {
    topic: 'Feature request',
    tag: 'Feature request',
    team: 0,
    share: 3,
    subject: ['Something new to try', 'Beta invitation'],
    cases: [
      {
        opening:
          'Hi {first}, you once asked us to improve {feature}. We have! Would you like to try the beta?',
        detail: '[Sure, count me in!|Yes, I am curious.]',
        solve: 'It is switched on for you. Please tell me frankly what annoys you.',
      },
      {
        opening: 'Hello {first}, we are looking for ten studios that test our work on {feature}. Are you in?',
        detail: 'Sounds good. How much time would it take?',
        solve:
          'Ten minutes a week, and we pay {amount} towards your next invoice. You will see it from {soon} on.',
      },
    ],
    note: ['Beta tester, likes to give feedback.'],
  },
]
