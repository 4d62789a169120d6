import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { CustomerHtml } from '../shell/parts/customer-html.tsx'
import { Json } from '../shell/parts/json.tsx'
import { Badge, Busy, CopyButton, Empty, Problem, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { plainName } from '../shell/plain-name.ts'
import { Link, pathOf, route } from '../shell/router.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'
import { Refused } from '../shell/server.ts'
import { contactOf, onChange } from './changes.ts'
import { type Company, type Contact, type Happening, intercom, type Named, type Note } from './intercom.ts'
import { failed, kept } from './kept.ts'
import { adminName } from './names.ts'
import { nameOf } from './people.ts'

type Card = {
  contact: Contact
  tags: Named[]
  companies: Company[]
  notes: Note[]
  events: Happening[]
}
const gap = 250
const mostEvents = 20

function cardOf(id: string) {
  const card = signal<Card | null | undefined>(undefined)
  const path = `/contacts/${encodeURIComponent(id)}`
  const reading = kept(async (stopping) => {
    const read = <Body,>(rest: string) => intercom<Body>('GET', rest, undefined, stopping)
    try {
      const [contact, tags, companies, notes, events] = await Promise.all([
        read<Contact>(path),
        read<{ data: Named[] }>(`${path}/tags`),
        read<{ data: Company[] }>(`${path}/companies`),
        read<{ data: Note[] }>(`${path}/notes?per_page=20`),
        read<{ events: Happening[] }>(
          `/events?type=user&intercom_user_id=${encodeURIComponent(id)}&per_page=${mostEvents}`,
        ),
      ])
      card.value = {
        contact,
        tags: tags.data,
        companies: companies.data,
        notes: notes.data,
        events: events.events,
      }
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error
      card.value = null
    }
  }, gap)
  const others = ['company', 'tag', 'admin']
  const end = onChange((change) => {
    if (change === null || contactOf(change) === id || others.includes(change.entity)) reading.poke()
    else if (change.entity === 'event_summary' && change.entity_id === id) reading.poke()
  })
  reading.poke()
  return {
    card,
    problem: reading.problem,
    stop() {
      end()
      reading.stop()
    },
  }
}

/** A contact with what is known about them. */
export function ContactCard({ id }: { id: string }) {
  const data = useMemo(() => cardOf(id), [id])
  useEffect(() => () => data.stop(), [data])
  const { value: card } = data.card
  const { value: problem } = data.problem
  if (card === null)
    return <Empty says="This contact is archived, deleted or merged into another, or never existed." />
  return (
    <div class="contact-card">
      {problem !== null && <Problem>{failed(problem, card !== undefined)}</Problem>}
      {card === undefined ? problem === null && <Busy says="Reading the contact…" /> : <Shown card={card} />}
    </div>
  )
}

function Shown({ card: { contact, tags, companies, notes, events } }: { card: Card }) {
  const { id, role, email, phone, external_id, owner_id, location, custom_attributes } = contact
  const place = [location.city, location.region, location.country].filter(Boolean).join(', ')
  return (
    <>
      <header>
        <h2>
          <Words text={nameOf(contact)} />
        </h2>
        <p>
          <Badge>{sentenceCase(role)}</Badge>{' '}
          {contact.unsubscribed_from_emails && <Badge tone="warn">Unsubscribed</Badge>}{' '}
          {contact.has_hard_bounced && <Badge tone="bad">E-mail bounced</Badge>}{' '}
          {route.value.parts[0] !== 'contacts' && (
            <Link to={pathOf('desk', ['contacts', id])}>All conversations</Link>
          )}
        </p>
      </header>
      <dl class="facts">
        <Fact name="E-mail">{email && <Words text={email} />}</Fact>
        <Fact name="Phone">{phone && <Words text={phone} />}</Fact>
        <Fact name="External id">{external_id && <Words text={external_id} />}</Fact>
        <Fact name="Id">
          <code>{id}</code> <CopyButton text={id} />
        </Fact>
        <Fact name="Owner">{owner_id !== null && adminName(owner_id)}</Fact>
        <Fact name="Place">{place !== '' && <Words text={place} />}</Fact>
        <Moment name="Created" at={contact.created_at} />
        <Moment name="Last seen" at={contact.last_seen_at} />
        <Moment name="Last wrote" at={contact.last_replied_at} />
        <Moment name="Last written to" at={contact.last_contacted_at} />
      </dl>
      <Group title="Tags" isEmpty={tags.length === 0}>
        <p class="tags">
          {tags.map((tag) => (
            <Badge key={tag.id}>{tag.name}</Badge>
          ))}
        </p>
      </Group>
      <Group title="Companies" isEmpty={companies.length === 0}>
        <ul>
          {companies.map((company) => (
            <li key={company.id}>
              <Words text={plainName(company.name) ?? company.company_id} />{' '}
              <span class="quiet">{company.plan?.name}</span>
            </li>
          ))}
        </ul>
      </Group>
      <Group title="Attributes" isEmpty={Object.keys(custom_attributes).length === 0}>
        <dl class="facts">
          {Object.entries(custom_attributes).map(([name, value]) => (
            <Fact key={name} name={name}>
              <Words text={typeof value === 'string' ? value : JSON.stringify(value)} />
            </Fact>
          ))}
        </dl>
      </Group>
      <Group title="Notes of the team" isEmpty={notes.length === 0}>
        <ul>
          {notes.map((note) => (
            <li key={note.id} class="contact-note">
              <p class="quiet">
                {note.author?.name ?? 'Somebody'} · <Time at={note.created_at * 1000} by="workspace" />
              </p>
              <CustomerHtml html={note.body} />
            </li>
          ))}
        </ul>
      </Group>
      <Group title="Events" isEmpty={events.length === 0}>
        <ul>
          {events.map((event) => (
            <li key={event.id}>
              <Words text={event.event_name} /> <Time at={event.created_at * 1000} by="workspace" />
              {Object.keys(event.metadata ?? {}).length > 0 && <Json value={event.metadata} />}
            </li>
          ))}
        </ul>
      </Group>
    </>
  )
}

function Group({
  title,
  isEmpty,
  children,
}: {
  title: string
  isEmpty: boolean
  children: ComponentChildren
}) {
  if (isEmpty) return null
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === false || children === '') return null
  return (
    <div>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function Moment({ name, at }: { name: string; at: number | null }) {
  return <Fact name={name}>{at !== null && <Time at={at * 1000} by="workspace" />}</Fact>
}
