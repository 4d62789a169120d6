/** A collection; `parent` names one before it. */
export type SeedCollection = { name: string; description: string; icon?: string; parent?: string }

/** An article in HTML by the teammate at a place of the staff list; without a collection it stands alone. */
export type SeedArticle = {
  title: string
  description: string
  collection?: string
  author: number
  state: 'published' | 'draft'
  body: string
  views?: number
  happy_reactions?: number
  neutral_reactions?: number
  sad_reactions?: number
}

export const COLLECTIONS: readonly SeedCollection[] = [
  { name: 'Getting started', description: 'Calendars, services, clients', icon: 'book-bookmark' },
  { name: 'Billing', description: 'Invoices, refunds and plans', icon: 'billing' },
  { name: 'Account', description: 'Signing in and your team' },
  { name: 'Bringing your data', description: 'Spreadsheets and other calendars', parent: 'Getting started' },
]

export const ARTICLES: readonly SeedArticle[] = [
  {
    title: 'Set up your first calendar',
    description: 'The order that works best when you begin',
    collection: 'Getting started',
    author: 0,
    state: 'published',
    views: 412,
    happy_reactions: 31,
    neutral_reactions: 4,
    sad_reactions: 2,
    body: `<h2>Before you begin</h2><p>Have the opening hours of everybody in your team at hand.</p>
      <h2>Steps</h2><ol><li>Create a calendar for each person.</li><li>Add your services with their length and price.</li>
      <li>Import your clients.</li><li>Publish the booking page.</li></ol>`,
  },
  {
    title: 'Put the booking button on your website',
    description: 'Two lines of code, in your colours',
    collection: 'Getting started',
    author: 1,
    state: 'published',
    views: 256,
    happy_reactions: 18,
    sad_reactions: 3,
    body: `<p>Copy the two lines under <b>Settings → Booking page → Embed</b> into your page, just before the end of the
      body. The button picks up your colours.</p><p>Site builders call this an <i>embed</i> or <i>custom code</i> block.</p>`,
  },
  {
    title: 'Import clients from a spreadsheet',
    description: 'Which columns are read, and what to do with duplicates',
    collection: 'Bringing your data',
    author: 1,
    state: 'published',
    views: 198,
    happy_reactions: 9,
    neutral_reactions: 6,
    sad_reactions: 5,
    body: `<p>Save the spreadsheet as CSV in UTF-8. These columns are read:</p>
      <table><tr><th>Column</th><th>Example</th></tr><tr><td>name</td><td>Ann Lee</td></tr>
      <tr><td>email</td><td>ann@example.com</td></tr><tr><td>phone</td><td>+353 87 123 4567</td></tr></table>
      <p>A client with an e-mail that is known already is updated, not added.</p>`,
  },
  {
    title: 'Why you see two charges for one invoice',
    description: 'Authorisations and second attempts',
    collection: 'Billing',
    author: 2,
    state: 'published',
    views: 143,
    happy_reactions: 12,
    neutral_reactions: 3,
    sad_reactions: 1,
    body: `<p>One of them is usually an authorisation: it says <i>pending</i> and drops off by itself within a week.</p>
      <p>If both are settled, write to us with the invoice number. We return the second one within five working days.</p>`,
  },
  {
    title: 'Refund a client',
    description: 'In full or in part, from the booking',
    collection: 'Billing',
    author: 2,
    state: 'published',
    views: 87,
    happy_reactions: 7,
    body: `<p>Open the booking and choose <b>Refund</b>. The money goes back to the card it came from; that takes three to
      five working days.</p><h3>When the refund is greyed out</h3><p>Cash payments cannot be refunded online.</p>`,
  },
  {
    title: 'Reset your password',
    description: 'And what to do when the e-mail does not arrive',
    collection: 'Account',
    author: 0,
    state: 'published',
    views: 531,
    happy_reactions: 40,
    neutral_reactions: 8,
    sad_reactions: 6,
    body: `<p>Choose <b>Forgot password</b> on the sign-in page. The link in our e-mail works for an hour.</p>
      <ul><li>Look into your spam folder.</li><li>Check that you use the address you signed up with.</li></ul>`,
  },
  {
    title: 'Roles: what your team can see',
    description: 'Staff, front desk and owner',
    collection: 'Account',
    author: 0,
    state: 'draft',
    body: `<p>Staff see their own calendar and clients, but no totals.</p><p>For the front desk, tick <b>All calendars</b>.</p>`,
  },
  {
    title: 'Group bookings (to be reviewed)',
    description: '',
    author: 1,
    state: 'draft',
    body: '<p>Set “places per booking” of the service to 2. Clients are then asked how many they are.</p>',
  },
]
