import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import type { Client, Running } from '../client.ts'
import { redirectIntercom } from '../redirect.ts'
import { type Row, restOf } from '../rest.ts'
import { hostOf } from './host.ts'
import { installedNode, release } from './install.ts'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'n8n-workflow'
      ? { url: new URL('n8n-workflow.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})
const folder = installedNode()
const { Intercom } = createRequire(import.meta.url)(join(folder, 'dist/nodes/Intercom/Intercom.node.js'))
const node = new Intercom()

/** n8n's Intercom node, which was written for 1.x and asks for no version. */
export const n8n: Client = {
  name: 'n8n-nodes-base (Intercom)',
  version: release,
  operations: [
    ...node.description.properties
      .filter(({ name }: Row) => name === 'operation')
      .flatMap(({ displayOptions, options }: Row) =>
        options.map(({ value }: Row) => `${displayOptions.show.resource[0]} ${value}`),
      ),
    'options getCompanies',
  ],
  async run({ url, accessToken, ledger }: Running) {
    const rest = restOf(url, accessToken)
    const user = await rest('POST', '/contacts', {
      role: 'user',
      email: 'n8n@nodes.test',
      external_id: 'n8n',
    })
    const end = redirectIntercom(url)
    const execute = async (resource: string, operation: string, parameters: Row): Promise<Row[]> => {
      const filled = {
        resource,
        operation,
        additionalFields: {},
        jsonParameters: false,
        customAttributesUi: {},
        ...parameters,
      }
      const [items] = await node.execute.call(hostOf(accessToken, filled))
      if (items.length === 0) throw new Error('nothing came out')
      return items.map(({ json }: Row) => json)
    }
    const op = (name: string, parameters: Row, holds: (item: Row) => unknown) => {
      const [resource = '', operation = ''] = name.split(' ')
      return ledger.op(
        name,
        () => execute(resource, operation, parameters),
        ([item]) => holds(item ?? {}),
      )
    }
    const leave = (name: string, why: string, parameters: Row, message: RegExp) => {
      const [resource = '', operation = ''] = name.split(' ')
      return ledger.leave(name, why, () => execute(resource, operation, parameters), message)
    }
    try {
      await ledger.family(async () => {
        const company = { companyId: 'n8n-1', additionalFields: { name: 'Nodes', plan: 'Pro' } }
        await op('company create', company, ({ company_id }) => company_id === 'n8n-1')
        await op(
          'company update',
          { ...company, additionalFields: { name: 'Edges' } },
          ({ name }) => name === 'Edges',
        )
        await op('company get', { selectBy: 'companyId', value: 'n8n-1' }, ({ name }) => name === 'Edges')
      })
      await ledger.family(async () => {
        const lead = { email: 'lead@nodes.test', additionalFields: { name: 'Ada' } }
        const [made] = await op('lead create', lead, ({ email }) => email === lead.email)
        await op('lead get', { selectBy: 'id', value: made?.['id'] }, ({ name }) => name === 'Ada')
        await op('lead delete', { deleteBy: 'id', value: made?.['id'] }, ({ deleted }) => deleted)
      })
      await leave(
        'lead update',
        posts,
        { updateBy: 'id', value: user['id'], additionalFields: { name: 'B' } },
        /status code 4/,
      )
      const all = { returnAll: false, limit: 5, filters: {} }
      await leave('lead getAll', oldKey('contacts'), all, /nothing came out/)
      await leave('company getAll', oldKey('companies'), all, /nothing came out/)
      await leave(
        'company users',
        oldPath('/companies/{id}/users'),
        { listBy: 'id', value: '1', ...all },
        /status code 4/,
      )
      await leave(
        'user create',
        oldPath('/users'),
        { identifierType: 'email', idValue: 'a@b.test' },
        /status code 4/,
      )
      await leave('user update', oldPath('/users'), { updateBy: 'id', value: user['id'] }, /status code 4/)
      await leave('user get', oldPath('/users'), { selectBy: 'id', value: user['id'] }, /status code 4/)
      await leave('user getAll', oldPath('/users'), all, /status code 4/)
      await leave('user delete', oldPath('/users'), { id: user['id'] }, /status code 4/)
      const options = () => node.methods.loadOptions.getCompanies.call(hostOf(accessToken, {}))
      await ledger.leave('options getCompanies', oldKey('companies'), options, /not iterable/)
    } finally {
      end()
    }
  },
}

const posts = 'posts to `/contacts`, which only creates since 2.0'
const oldKey = (key: string) => `reads \`${key}\` of 1.x, where 2.x answers \`data\``
const oldPath = (path: string) => `calls \`${path}\`, which was removed with 2.0`
