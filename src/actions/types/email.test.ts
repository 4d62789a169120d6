import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emailProblem, sameEmail } from './email.ts'

const good = [
  'ada@x.example',
  "o'brien+news@mail.x.example",
  'a@localhost',
  'ada_l-0!#$%&*/=?^`{|}~.@x-y.example',
  'müller@bücher.example',
  'u\u0308ber@x.example',
  '用户@例子.广告',
  'ADA@X.EXAMPLE',
]
for (const address of good) {
  test(`${address} is an e-mail address`, () => assert.equal(emailProblem(address), null))
}

const ada = 'ada@x.example'
const wrong = [
  ' ada@x.example',
  'ada@x.example\n',
  'ada@x.example\r\n',
  'ada@x.example\u00a0',
  'ada @x.example',
  'ada@ x.example',
  'a\u200bda@x.example',
  'ada@x.example\u200b',
  '\ufeffada@x.example',
  'ada\u00ad@x.example',
  '\u202aada@x.example\u202c',
  'ada\u2060@x.example',
  'ada@x\u200d.example',
  'ada\ufe0f@x.example',
  'ada\u0000@x.example',
  'mailto:ada@x.example',
  'MAILTO:ada@x.example?subject=Hi',
  'email: ada@x.example',
  '"ada@x.example"',
  "'ada@x.example'",
  "'ada@x.example",
  '`ada@x.example`',
  '“ada@x.example”',
  '«ada@x.example»',
  '<ada@x.example>',
  'Ada Lovelace <ada@x.example>',
  '"Lovelace, Ada" <ada@x.example>',
  'Ada (ada@x.example)',
  '[ada@x.example](mailto:ada@x.example)',
  'ada@x.example.',
  'ada@x.example,',
  'ada@x.example;',
  '.ada@x.example',
  'ada＠x.example',
  'ada﹫x.example',
  'ada@x。example',
  'ada@x．example',
  'ａｄａ@x.example',
  'ada%40x.example',
]
for (const given of wrong) {
  test(`${JSON.stringify(given)} is refused with the address that would be right`, () => {
    assert.equal(emailProblem(given), `is not an e-mail address as it stands; write ${ada}`)
  })
}

for (const given of [
  '',
  ' ',
  'Marta',
  'ada@',
  '@x.example',
  'ada@x..example',
  'a@x.example, b@x.example',
  'a@b@c',
]) {
  test(`${JSON.stringify(given)} is no e-mail address, and nothing is guessed`, () => {
    assert.equal(emailProblem(given), 'is not an e-mail address')
  })
}

test('a typographic apostrophe is told to be written plainly', () =>
  assert.match(String(emailProblem('o’brien@x.example')), /; write o'brien@x\.example$/))

test('addresses that differ in case or in the form of an accent are one', () => {
  assert.equal(sameEmail('JOSE\u0301@x.example', 'jos\u00e9@X.example'), true)
  assert.equal(sameEmail('jose@x.example', 'jos\u00e9@x.example'), false)
})

test('a million characters are refused in linear time', () => {
  const from = process.cpuUsage()
  for (const text of [
    'a'.repeat(1e6),
    '@'.repeat(1e6),
    `${'a.'.repeat(5e5)}@x`,
    ' '.repeat(1e6),
    'a@b,'.repeat(2e5),
  ]) {
    emailProblem(text)
  }
  const { user } = process.cpuUsage(from)
  assert.ok(user < 10_000_000, `${user} µs`)
})
