/** What tickets are about; `internal` ones are for the developers, and no customer sees them. */
export const TICKETS = [
  {
    title: 'Invoices lack the VAT number',
    description: 'Our accountant needs our VAT number on every invoice since March.',
    note: 'The number is in the billing settings, but the PDF template leaves it out.',
    reply: 'The number is on the template now. Would you like the older invoices again, too?',
  },
  {
    title: 'Calendar shows appointments an hour late',
    description: 'Since the clocks changed, every appointment in the shared calendar is an hour late.',
    note: 'Only calendars that were shared before the last release.',
    reply: 'We have set the time zone of your shared calendar again. Please tell us if one is still late.',
  },
  {
    title: 'Import stops at row 412',
    description: 'The import of our client list ends at row 412 with an error that says nothing.',
    internal: true,
    note: 'Row 412 holds a line break within quotes.',
    reply: null,
  },
  {
    title: 'Please move our data to the EU',
    description: 'Our new contract says that our data must be kept in the EU.',
    note: 'Legal has the signed form; the move is planned for Sunday night.',
    reply: 'The move is planned for Sunday at 22:00 UTC. You can go on working meanwhile.',
  },
  {
    title: 'Booking page is blank in Safari',
    description: 'Customers with an older iPhone see a blank booking page.',
    internal: true,
    note: 'Reproduced with iOS 15; a polyfill is missing in the last build.',
    reply: null,
  },
  {
    title: 'Two accounts to be one',
    description: 'A colleague signed up with a second address. Can you merge the two accounts?',
    note: 'The second account has no appointments of its own.',
    reply: 'The two accounts are one now; the newer address is an alias of the older one.',
  },
  {
    title: 'Reminders are sent twice',
    description: 'Our clients get each reminder by e-mail twice, some minutes apart.',
    note: 'Two integrations send them: ours, and the one of their website.',
    reply: 'Your website sends reminders, too. Switch off one of the two, and each client gets one.',
  },
] as const
