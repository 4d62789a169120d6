import type { Story } from './story.ts'

/** What people write about money: bills, refunds and leaving. */
export const MONEY_STORIES: readonly Story[] = [
  {
    topic: 'Billing',
    tag: 'Billing',
    team: 1,
    share: 8,
    subject: ['Charged twice?', 'Two charges on {date}', 'Question about {invoice}'],
    cases: [
      {
        opening:
          'My card ending in {card} was charged {amount} twice on {date}. [I only have one account|We only run one location], so one of them must be a mistake.',
        ask: 'Sorry about that! Are both charges booked already, or is one of them still marked as pending?',
        detail: '[Both are settled|Both say “settled”], the card ends in {card}.',
        solve:
          'Found it: the first attempt timed out at the bank and our system tried again. I have returned {amount}; it takes [three to five|up to five] working days to show.',
      },
      {
        opening:
          'I see two payments of {amount} on our statement for {date}, but only one invoice ({invoice}). [Can you check?|Which one is right?]',
        ask: 'Thanks for flagging it. Could you tell me whether both lines say “settled”?',
        detail: 'One says pending, the other was booked on {date}.',
        solve:
          'The pending line is only an authorisation and will drop off by itself within a week. You have paid {amount} once.',
      },
      {
        opening:
          'We were billed {amount} twice for the {plan} plan [this month|on {date}]. [Please have a look.|Could somebody look into it?]',
        ask: 'Let me check. Is it possible that a colleague paid {invoice} by hand from the billing page?',
        detail: 'Oh. [My partner did, I just asked.|Our bookkeeper did that, I did not know.]',
        solve:
          'That explains it: {invoice} was collected by card as well. The second {amount} is on its way back to the card ending in {card}.',
      },
    ],
    note: [
      'Payment provider shows two attempts on {date}, both succeeded.',
      'Second double charge this week with the same bank. Telling the payments people.',
    ],
  },
  {
    topic: 'Billing',
    tag: 'Billing',
    team: 1,
    share: 6,
    subject: ['Changes to {invoice}', 'Details on our invoices'],
    cases: [
      {
        opening:
          'Our accountant needs the VAT number on {invoice}. [Where can I add it?|How do we get a corrected invoice?]',
        ask: 'Happy to help. Should the change apply to {invoice} only, or to all invoices from now on?',
        detail: 'To all of them, please. The VAT number is the one I just saved under Settings.',
        solve: 'Done: {invoice} has been reissued with it, and new invoices will carry the same details.',
      },
      {
        opening:
          'The invoices still show our old address. We moved in {month}, can you change it on {invoice}?',
        ask: 'Of course. Is the new address the one in your account settings?',
        detail: 'Yes, that one is right.',
        solve:
          'I have sent the corrected invoice to your billing address. The old one is marked as replaced.',
      },
      {
        opening:
          'I need all invoices since {month} as PDF for the tax office. [Is there a way to download them at once?|Do I have to click through each?]',
        ask: 'There is a way! Do you need the credit notes as well?',
        detail: '[Yes, everything please.|Only the invoices.]',
        solve:
          'Tick the invoices under Settings → Billing and choose “Download as PDF”: you get one archive with all of them.',
      },
    ],
    note: [
      'Numbering of {invoice} must stay as it is.',
      'Customer is reverse charge, checked the VAT number.',
    ],
  },
  {
    topic: 'Billing',
    tag: 'Billing',
    team: 1,
    share: 5,
    subject: ['Card declined', 'Payment of {amount} failed'],
    cases: [
      {
        opening:
          'Your mail says that my payment of {amount} failed, but the card ending in {card} works everywhere else.',
        ask: 'Does your bank ask you to confirm online payments in its app? That confirmation may have timed out.',
        detail: 'Yes, there was a push message [that I missed|in the middle of a {service}].',
        solve:
          'That was it: the confirmation ran out. I started the payment again and {amount} went through.',
      },
      {
        opening:
          'I changed my card on {date} and now the {plan} plan shows as past due. [What do I have to do?|Will we be locked out?]',
        ask: 'Nobody gets locked out, don’t worry. Could you remove the card, add it again and tell me the time you tried?',
        detail: 'Tried again at {time}. It seems to have worked?',
        solve: 'The card ending in {card} is accepted, and your plan is active. Nothing was interrupted.',
      },
      {
        opening:
          'Payment fails with “card declined”. My bank says [there was no attempt|it looks fine on their side].',
        ask: 'Which country was the card issued in? Some banks block recurring payments at first.',
        detail: 'It is from {country}, but I can use another one, ending in {card}.',
        solve: 'The other card went through; {invoice} is paid now. No need to do anything else.',
      },
    ],
    note: ['Declined with “authentication required”, twice.', 'Extended the grace period by 7 days.'],
  },
  {
    topic: 'Billing',
    tag: 'Billing',
    team: 1,
    share: 4,
    subject: ['Switching to annual billing', 'Question about the {plan} plan'],
    cases: [
      {
        opening: 'How much would we save by paying the {plan} plan once a year? We have {staff} calendars.',
        ask: 'Good question! Do you expect to add more calendars this year, or will it stay at {staff}?',
        detail: 'It stays at {staff}, I think.',
        solve:
          'Paying yearly saves two months, so {amount} in your case. I have prepared the switch; you only need to confirm it under Settings → Billing.',
      },
      {
        opening:
          'We want to go from monthly to annual. [Is what we already paid taken into account?|Does it start at once?]',
        ask: 'Great! Should the change start today, or with your next renewal?',
        detail: '[Today is fine.|With the next renewal, please.]',
        solve: 'All set. What you paid for this month is deducted from the annual invoice.',
      },
      {
        opening: 'What is the difference between {plan} and the next plan up? We are {staff} people now.',
        ask: 'Do you share rooms or equipment that need to be booked, too?',
        detail: 'No, everybody works in their own room.',
        solve:
          'Then {plan} is the right one, with {staff} calendars as well. The bigger plan adds rooms and shared resources.',
      },
    ],
    note: ['Interested in annual, {staff} calendars.', 'Good chance to upgrade next year.'],
  },
  {
    topic: 'Refunds',
    tag: 'Refund',
    team: 1,
    share: 6,
    subject: ['Refund for a client', 'Refunding a {service}'],
    cases: [
      {
        opening:
          'A client paid {amount} for a {service} that we had to cancel. How do I refund {them} from Quillbook?',
        ask: 'Was it paid by card online, or recorded as cash?',
        detail: 'By card, through the booking page, at {time} on {date}.',
        solve:
          'Open the booking, choose Payment → Refund and enter the amount; parts are possible. The money arrives within five working days.',
      },
      {
        opening:
          'I pressed refund for the {service} on {date}, but the client says that nothing has arrived.',
        ask: 'Do you see “refunded” or “refund pending” next to the payment?',
        detail: 'It says “refunded” since {date}.',
        solve:
          'Then the {amount} left our side on {date}. Banks take up to ten days; the reference for the client is in the payment’s history.',
      },
      {
        opening: 'The refund button is grey for the payment from {month}. [Why?|Is it too old?]',
        ask: 'Let me look. How was the {service} paid?',
        detail: 'Cash, now that I look at it.',
        solve:
          'A cash payment can’t be sent back by us, but you can mark it as refunded so that your reports agree.',
      },
      {
        opening:
          'Can I refund only a part of a payment? The {service} was {amount} and I want to give back half.',
        ask: 'You can! Has the appointment taken place, or is it still to come?',
        detail: 'It was on {date}, but it was cut short.',
        solve:
          'Open the booking, choose Payment → Refund, and type half of {amount} into the field. The rest stays with you.',
      },
    ],
    note: ['Payment older than 120 days needs the manual way.', 'Provider confirms the refund reference.'],
  },
  {
    topic: 'Refunds',
    tag: 'Refund',
    team: 1,
    share: 4,
    subject: ['Refund of {amount}', 'Money back for unused months'],
    cases: [
      {
        opening:
          'We downgraded from {plan} on {date} but were charged {amount} again. I would like that back.',
        ask: 'I understand. Would you rather have the money back, or a credit for the next invoices?',
        detail: '[Money back, please.|A credit is fine for us.]',
        solve:
          'Done: {amount} is yours again, and the plan is the small one from now on. You will get a mail with the credit note.',
      },
      {
        opening:
          'I forgot to cancel before the renewal and have not logged in since {month}. Is a refund of {amount} possible?',
        ask: 'Let me see what I can do. Has anybody else on your team used the account since then?',
        detail: 'Nobody, we are closed [for the season|until spring].',
        solve:
          'Since the account was not used, we return the full {amount} and stop the renewal. Sorry for the trouble!',
      },
      {
        opening:
          'The trial turned into a paid plan although I thought I had stopped it. [Please refund {amount}.|Can you undo that?]',
        ask: 'I can undo it. Would you like to keep the free plan, or close the account?',
        detail: '[Keep the free plan, please.|Close it, please.]',
        solve: 'All done, and {amount} is on its way back to the card ending in {card}.',
      },
    ],
    note: ['Within the 14 days, refund approved.', 'No log-ins since the renewal, goodwill refund is fine.'],
  },
  {
    topic: 'Cancellation',
    tag: 'Churn risk',
    team: 0,
    share: 5,
    subject: ['Cancelling our account', 'Ending the {plan} plan'],
    cases: [
      {
        opening:
          'We are closing the business at the end of {nextmonth}. How do I cancel, and what happens to our data?',
        ask: 'Sorry to see you go! Do you need an export of clients and bookings before we close the account?',
        detail: 'Yes, an export of the clients would be great.',
        solve:
          'The export is waiting under Settings → Data. Your plan ends with {nextmonth}, and we delete everything 90 days later.',
      },
      {
        opening:
          'I want to cancel the {plan} plan. [It is too much for what we use.|We hardly use it in the quiet season.]',
        ask: 'Did you know that you can pause the plan for up to six months, without paying? If that is no help, I will cancel it right away.',
        detail: 'Pausing sounds better. Let us do that.',
        solve:
          'I have paused the plan. Your booking page shows a friendly note, and you can come back with one click.',
      },
      {
        opening:
          'Please cancel our subscription as of {soon}. [We are moving to another system.|We merge with another studio.]',
        ask: 'I can do that for you. May I ask what was missing?',
        detail: 'Mostly the price, {amount} is a lot for {staff} people.',
        solve:
          'Thank you for being frank. It is cancelled as of {soon}; if you change your mind within 90 days, everything will still be there.',
      },
    ],
    note: ['Leaving because of the price.', 'Would come back in spring.', 'Asked for feedback.'],
  },
]
