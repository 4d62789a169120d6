import type { Story } from './story.ts'

/** What people write when something does not work: logging in, importing, bugs, the app. */
export const TROUBLE_STORIES: readonly Story[] = [
  {
    topic: 'Login',
    tag: 'Login',
    team: 0,
    share: 9,
    subject: ['Can’t log in', 'No password mail', 'Login does not work'],
    cases: [
      {
        opening:
          'I can’t log in since {date}. The reset mail [never arrives|does not show up, not in spam either].',
        ask: 'Sorry you’re stuck! Which address do you log in with? I see two accounts that could be yours.',
        detail: 'The one I am writing from.',
        solve:
          'Your mail server had bounced one of our mails, so we had stopped writing to you. I have lifted that; please ask for the reset again.',
      },
      {
        opening:
          'It says “wrong password” although I [copied it from my password manager|changed it yesterday]. [Can you reset it?|Please help, the first client comes at {time}.]',
        ask: 'Is it possible that there is a space at the end, or that a colleague has changed it?',
        detail: 'I typed it by hand now, same message.',
        solve: 'I have sent you a fresh link to set a new password; it is good for 24 hours.',
      },
      {
        opening: 'The reset link opens a page that says it has expired, [three times in a row|every time].',
        ask: 'Do several reset mails arrive at once? Only the link in the newest one works.',
        detail: 'Oh, there were three. I clicked on the first one.',
        solve: 'That is it. The newest one is good for an hour, and using it makes the others void.',
      },
      {
        opening:
          'Login loops: I enter the password, it loads, and then I am back at the login page. I use {browser}.',
        ask: 'Could you try a private window and tell me whether the same happens?',
        detail: 'In a private window it works, odd.',
        solve:
          'An old cookie is the culprit. Please clear the cookies of app.quillbook.example, and the normal window works too.',
      },
    ],
    note: [
      'Address was on the bounce list since {date}, removed.',
      'Two accounts, same person. Suggest a merge.',
    ],
  },
  {
    topic: 'Login',
    tag: 'Login',
    team: 0,
    share: 5,
    subject: ['Lost phone with login codes', 'Two-factor login'],
    cases: [
      {
        opening:
          'My phone broke and the login codes were on it. [How do I get back in?|I have no backup codes.]',
        ask: 'We can help. To be sure that it is you: what was the amount of your last invoice?',
        detail: 'The last one was {amount}, {invoice}.',
        solve:
          'Thanks, that matches. Two-factor login is off for you now; please set it up again and keep the backup codes somewhere safe.',
      },
      {
        opening: 'The six-digit code is always wrong. [Nothing was changed.|I set it up on {date}.]',
        ask: 'Is the clock of your phone set automatically? A minute off is enough to make the codes wrong.',
        detail: 'It was two minutes behind!',
        solve: 'Then turn on the automatic time in the phone’s settings, and the next code will be right.',
      },
      {
        opening:
          'A colleague left, and the codes of our shared login went with {them}. How can we reset that?',
        ask: 'Can another owner of the account confirm the reset by mail?',
        detail: 'Yes, my partner is an owner too. The mail is on its way.',
        solve:
          'Confirmed and reset. For shared front desks, one login per person works better and costs nothing.',
      },
    ],
    note: ['Identity confirmed by invoice amount.', 'Second owner confirmed by mail.'],
  },
  {
    topic: 'Import',
    tag: 'Import',
    team: 0,
    share: 7,
    subject: ['Import of {file} fails', 'Clients missing after import'],
    cases: [
      {
        opening: 'I try to import {rows} clients from {file}, but it stops at “checking columns”.',
        ask: 'Thanks for the details. Which program wrote {file}: Excel, Numbers, or another booking system?',
        detail: 'It comes from Excel, saved as CSV.',
        solve:
          'The file uses semicolons. I have converted it and run the import for you: {rows} clients, none skipped.',
      },
      {
        opening:
          'The import says that {rows} rows were read and only half were added. [Where is the rest?|Which ones are missing?]',
        ask: 'Do all rows have an e-mail address or a phone number?',
        detail: 'No, for many we only have a name.',
        solve:
          'That is why: rows without an address and a number are skipped. The report under Settings → Data lists each of them with its line.',
      },
      {
        opening:
          'After importing {file}, every name with an accent looks like “JosÃ©”. [How do I undo that?|Can you repair it?]',
        ask: 'I think I know. When you saved it, was there a choice between “CSV” and “CSV UTF-8”?',
        detail: 'Yes, and I took the first.',
        solve:
          'Please save {file} as “CSV UTF-8” and import it again; the wrong names are replaced because the e-mail addresses match.',
      },
      {
        opening:
          'All clients are there twice since I imported {file} again. [Can you remove the doubles?|Is there an undo?]',
        ask: 'I can merge them. Should the newer or the older entry win where they differ?',
        detail: 'The newer one, please.',
        solve:
          'I have merged the doubles by e-mail address, {rows} in all. Next time, tick “update existing clients”.',
      },
    ],
    note: [
      'Semicolon CSV again. Third one this month, worth a fix in the importer.',
      '{rows} rows, looked at the first hundred.',
    ],
  },
  {
    topic: 'Bug',
    tag: 'Bug',
    team: 0,
    share: 7,
    subject: ['Calendar problem on {date}', 'Something is wrong with the calendar'],
    cases: [
      {
        opening:
          'Two clients were able to book the same {service} on {date} at {time}. [That must not happen!|How is that possible?]',
        ask: 'That sounds wrong. Were both booked online, or did one come in through the front desk?',
        detail: 'Both online, two minutes apart.',
        solve:
          'The second client had the page open since the day before. The page now checks again before it books.',
      },
      {
        opening:
          'The calendar shows {time} as free although a {service} is booked. I see it on {browser}[, and on my phone|].',
        ask: 'Which calendar is it, and do you use buffers before or after a {service}?',
        detail: 'Yes, a buffer of ten minutes.',
        solve:
          'We found the cause: with a buffer, the slot was only locked after the payment. It’s fixed since this morning, and I have checked your next weeks.',
      },
      {
        opening: 'Appointments that I move with drag and drop jump back after reloading. I am on {browser}.',
        ask: 'Does it happen with every appointment, or only with those that repeat?',
        detail: 'Only with those that repeat weekly.',
        solve:
          'I could reproduce it and our engineers shipped a fix. Please reload once; moved appointments stay where they are now.',
      },
    ],
    note: ['Reproduced. Ticket for engineering.', 'Log shows two locks on the same slot.'],
  },
  {
    topic: 'Bug',
    tag: 'Bug',
    team: 0,
    share: 6,
    subject: ['Wrong reminders', 'Reports and reminders'],
    cases: [
      {
        opening:
          'Since the clocks changed, all reminders show the wrong time: {time} instead of one hour later.',
        ask: 'Thank you for reporting. Which time zone is set under Settings → Location?',
        detail: 'The right one, I checked.',
        solve:
          'This was a mistake on our side and it is fixed. Reminders from now on are right; those sent before can’t be corrected, sorry.',
      },
      {
        opening:
          'Clients get the reminder for their {service} twice. [They are annoyed.|It started on {date}.]',
        ask: 'Is it the same for text messages and e-mails?',
        detail: 'Only the text messages.',
        solve: 'A second reminder rule had been switched on by an old template. I have removed it.',
      },
      {
        opening: 'The report for {month} shows other totals than the dashboard, {amount} less.',
        ask: 'Could you send a screenshot of both, with the date range visible?',
        detail: 'Here it is. The range is the whole of {month}.',
        solve:
          'The dashboard counts cancelled bookings and the report does not. We will name them differently, to make that clear.',
      },
      {
        opening:
          'The PDF of {invoice} is a blank page in {browser}. [On my phone it works.|Printing is blank too.]',
        ask: 'Does it help to download the file and open it outside the browser?',
        detail: 'Yes, then I can see it.',
        solve:
          'Thank you, that told us where to look: a font was missing in the preview. It is back, please reload the page.',
      },
    ],
    note: ['Also seen by two others this week.', 'Linked to the ticket of {date}.'],
  },
  {
    topic: 'Mobile app',
    tag: 'Bug',
    team: 0,
    share: 5,
    subject: ['Trouble with the app', 'App update'],
    cases: [
      {
        opening:
          'The app closes as soon as I open {feature}. I have [reinstalled it|restarted the phone] already.',
        ask: 'Which version is shown at the bottom of the app’s settings page?',
        detail: 'Version 7.{minor}, on an older phone.',
        solve: 'Version 7.{minor} had that crash on older phones. The new one is in the store since today.',
      },
      {
        opening: 'I get no push notifications for new bookings since the update [of {date}|last week].',
        ask: 'Are notifications allowed for Quillbook in the settings of your phone?',
        detail: 'Yes, they are allowed.',
        solve:
          'Then your phone’s registration had run out. Log out and in again, and the notifications will return.',
      },
      {
        opening: 'The app is very slow in the morning, {feature} takes half a minute.',
        ask: 'Roughly how many clients do you have? And is it Wi-Fi or mobile data?',
        detail: 'About {rows} clients, on Wi-Fi.',
        solve:
          'With that many clients, loading all at once was the problem. After the update of {soon} it loads page by page and opens in a second.',
      },
    ],
    note: ['Crash report matches a known issue in 7.{minor}.', 'Nothing in our logs, must be on the phone.'],
  },
  {
    topic: 'Performance',
    tag: 'Urgent',
    team: 0,
    share: 3,
    subject: ['Booking page is down', 'Very slow since {time}'],
    cases: [
      {
        opening:
          'Our booking page shows an error (code {code}) since {time}. [Clients are calling us!|This is urgent.]',
        ask: 'We are looking into it right now. Does it affect all of your locations?',
        detail: 'All of them.',
        solve:
          'The error {code} is gone: a faulty update was taken back within the hour. We will write up what went wrong.',
      },
      {
        opening: 'Everything is extremely slow today, saving a {service} takes a minute.',
        ask: 'Thank you for telling us. Is it the same in another browser?',
        detail: 'Yes, everywhere.',
        solve:
          'One of our databases was overloaded. It’s back to normal, and no bookings were lost. Sorry for the disturbance.',
      },
    ],
    note: [
      'Part of the incident, reply with the status page.',
      'Affected: {staff} calendars. Offer a credit?',
    ],
  },
]
