import { useSignal } from '@preact/signals'
import { Labelled } from '../shell/parts/small.tsx'
import { fullTime } from '../shell/parts/time.tsx'
import { type Field, type IdOf, searchedKind } from './fields.ts'
import { Picker } from './picker.tsx'

type Given = {
  field: Field
  value: string | null | undefined
  problem: string | undefined
  onInput: (value: string | null) => void
  /** Of a search: the field that is searched, which says what its value is. */
  searches: string | undefined
}

type Control = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }

/** One parameter, filled in as its kind asks for. What is wrong with a blank one is told once somebody has left it. */
export function FieldRow({ field, value, problem, onInput, searches }: Given) {
  const isLeft = useSignal(false)
  const { name, schema, kind, mayBeEmpty } = field
  const isBlank = typeof value !== 'string' || value.trim() === ''
  const told = isBlank && !isLeft.value ? undefined : problem
  const searched = name === 'query_value' && searches !== undefined ? searchedKind(searches) : null
  const text = value ?? ''
  return (
    <div
      class="field"
      data-kind={kind}
      data-name={name}
      onFocusOut={() => {
        isLeft.value = true
      }}
    >
      <Labelled label={name} hint={schema.description} problem={told}>
        {(control) => (
          <Entry
            field={field}
            control={control}
            text={text}
            disabled={value === null}
            searched={searched}
            onInput={onInput}
          />
        )}
      </Labelled>
      {mayBeEmpty && (
        <label class="row small">
          <input
            type="checkbox"
            checked={value === null}
            onChange={() => onInput(value === null ? '' : null)}
          />
          Send it empty
        </label>
      )}
    </div>
  )
}

function Entry(props: {
  field: Field
  control: Control
  text: string
  disabled: boolean
  searched: 'time' | IdOf | null
  onInput: (value: string) => void
}) {
  const { field, control, text, disabled, searched, onInput } = props
  const { kind, schema, idOf } = field
  const typed = (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value)
  const none = schema.default === undefined ? 'Not given' : `Not given (${String(schema.default)})`
  const ids = searched !== null && searched !== 'time' ? [searched] : idOf
  if (ids.length > 0) return <Picker control={control} of={ids} value={text} onInput={onInput} />
  if (kind === 'choice' || kind === 'boolean') {
    const words = kind === 'boolean' ? ['true', 'false'] : (schema.enum ?? [])
    return (
      <select {...control} value={text} onChange={typed}>
        <option value="">{none}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {kind === 'boolean' ? (word === 'true' ? 'Yes' : 'No') : word}
          </option>
        ))}
      </select>
    )
  }
  if (kind === 'time' || searched === 'time')
    return <Moment control={control} text={text} onInput={onInput} />
  if (kind === 'lines' || kind === 'texts' || kind === 'object')
    return (
      <textarea
        {...control}
        class={kind === 'lines' ? undefined : 'mono'}
        rows={kind === 'lines' ? 3 : 2}
        spellcheck={kind === 'lines'}
        placeholder={{ lines: undefined, texts: 'One per line', object: '{ "name": "value" }' }[kind]}
        value={text}
        onInput={typed}
      />
    )
  return (
    <input
      {...control}
      type="text"
      autocomplete="off"
      inputMode={kind === 'whole' ? 'numeric' : undefined}
      placeholder={schema.default === undefined ? undefined : String(schema.default)}
      disabled={disabled}
      value={text}
      onInput={typed}
    />
  )
}

/** A moment as text, with a calendar that writes it in UTC. */
function Moment({
  control,
  text,
  onInput,
}: {
  control: Control
  text: string
  onInput: (value: string) => void
}) {
  const at = /^\d{9,10}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text)
  const isKnown = text.trim() !== '' && !Number.isNaN(at)
  return (
    <>
      <div class="moment">
        <input
          {...control}
          type="text"
          autocomplete="off"
          placeholder="2026-01-31T09:00:00Z"
          value={text}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <input
          type="datetime-local"
          aria-label="Pick a date and time in your time zone"
          value={isKnown ? localOf(at) : ''}
          onInput={({ currentTarget: { value } }) => {
            const picked = new Date(value)
            if (!Number.isNaN(picked.getTime())) onInput(picked.toISOString().replace('.000', ''))
          }}
        />
      </div>
      {isKnown && <p class="quiet small">{fullTime(at)}, your time</p>}
    </>
  )
}

/** As such a field wants it: local, without a zone. */
function localOf(at: number): string {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
