// What hosts and registries read of this package: server.json, the manifests of the plugin, the links of docs/hosts.md.
// All are made of package.json and of one command line, so that they cannot differ.
import manifest from '../package.json' with { type: 'json' }
import { actions } from '../src/index.ts'

/** What hosts start. `confirm`: nothing reaches a customer before a person has approved it. */
const started = {
  command: 'npx',
  args: ['-y', manifest.name, 'mcp', '--sends', 'confirm'],
} as const

const title = 'Intercom'
const description =
  'Intercom for agents: contacts, conversations and replies, sent once a person has approved them'
const author = { name: `${manifest.name} contributors` }
const token = 'INTERCOM_ACCESS_TOKEN'
const host = 'INTERCOM_API_BASE_URL'
const about = {
  [token]: "The access token of your workspace's app (developers.intercom.com, your app, Authentication)",
  [host]:
    'https://api.intercom.io, or that of your region: https://api.eu.intercom.io, https://api.au.intercom.io',
}
const usualHost = 'https://api.intercom.io'

/** For the MCP registry: https://github.com/modelcontextprotocol/registry, docs/reference/server-json. */
const serverJson = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
  name: manifest.mcpName,
  title,
  description,
  version: manifest.version,
  packages: [
    {
      registryType: 'npm',
      identifier: manifest.name,
      version: manifest.version,
      runtimeHint: 'npx',
      transport: { type: 'stdio' },
      packageArguments: [
        { type: 'positional', value: 'mcp' },
        { type: 'named', name: '--sends', value: 'confirm', description: 'A person approves what is sent' },
      ],
      environmentVariables: [
        { name: token, description: about[token], isRequired: true, isSecret: true },
        { name: host, description: about[host], default: usualHost },
      ],
    },
  ],
}

/** What a host's form asks for. */
const settings = {
  access_token: {
    type: 'string',
    title: 'Intercom access token',
    description: about[token],
    sensitive: true,
    required: true,
  },
  api_base_url: {
    type: 'string',
    title: "Intercom's host",
    description: about[host],
    default: usualHost,
    required: false,
  },
}

/** Metadata that all formats of plugins have. */
const plugin = {
  name: 'intercom',
  version: manifest.version,
  description,
  author,
  license: manifest.license,
  keywords: manifest.keywords,
}

/** Agent Plugins 1.0.0, https://agent-plugins.org: it has no place for a token, so hosts pass on the environment. */
const openPlugin = {
  'plugin.json': { $schema: 'https://agent-plugins.org/schemas/1.0.0/plugin.schema.json', ...plugin },
  'mcp.json': {
    $schema: 'https://agent-plugins.org/schemas/1.0.0/mcp.schema.json',
    mcpServers: { intercom: { type: 'stdio', ...started } },
  },
}

/** What each host's own format adds: how the server gets the token. */
const hostPlugins = {
  // https://code.claude.com/docs/en/plugins-reference
  '.claude-plugin/plugin.json': {
    ...plugin,
    mcpServers: {
      intercom: {
        ...started,
        env: { [token]: `\${user_config.access_token}`, [host]: `\${user_config.api_base_url}` },
      },
    },
    userConfig: settings,
  },
  // https://cursor.com/docs/plugins/building, https://cursor.com/docs/mcp
  '.cursor-plugin/plugin.json': {
    ...plugin,
    displayName: title,
    skills: './skills/',
    mcpServers: { intercom: { ...started, env: { [token]: `\${env:${token}}` } } },
  },
  // https://developers.openai.com/codex/plugins/build, https://developers.openai.com/codex/mcp
  '.codex-plugin/plugin.json': {
    ...plugin,
    skills: './skills/',
    mcpServers: './codex-mcp.json',
    interface: { displayName: title, shortDescription: description },
  },
  'codex-mcp.json': { mcpServers: { intercom: { ...started, env_vars: [token, host] } } },
  // https://geminicli.com/docs/extensions/reference
  'gemini-extension.json': {
    name: plugin.name,
    version: plugin.version,
    description,
    mcpServers: { intercom: started },
    settings: [
      { name: 'Access token', description: about[token], envVar: token, sensitive: true },
      { name: 'Host', description: about[host], envVar: host },
    ],
  },
}

/** Where Claude Code and Cursor find the plugin in a clone of this repository. */
const marketplace = {
  name: manifest.name,
  owner: author,
  plugins: [{ name: plugin.name, source: './plugin', description }],
}

/** The same for Codex: https://developers.openai.com/codex/plugins/build */
const codexMarketplace = {
  name: manifest.name,
  interface: { displayName: title },
  plugins: [
    {
      name: plugin.name,
      source: { source: 'local', path: './plugin' },
      policy: { installation: 'AVAILABLE', authentication: 'ON_INSTALL' },
      category: 'Productivity',
    },
  ],
}

/**
 * The manifest of the bundle: https://github.com/modelcontextprotocol/mcpb says what is in it. Its form has the settings that
 * most people need; `--read-only` takes what the form gives.
 */
export function bundleManifest() {
  const entry = 'bin/modulex-intercom.js'
  const [, , ...flags] = started.args
  return {
    manifest_version: '0.3',
    name: manifest.name,
    display_name: title,
    version: manifest.version,
    description,
    author,
    license: manifest.license,
    keywords: manifest.keywords,
    icon: 'icon.png',
    server: {
      type: 'node',
      entry_point: entry,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${entry}`, ...flags, `--read-only=\${user_config.read_only}`],
        env: { [token]: `\${user_config.access_token}`, [host]: `\${user_config.api_base_url}` },
      },
    },
    tools: actions.map(({ name, title: what }) => ({ name, description: what })),
    user_config: {
      ...settings,
      read_only: {
        type: 'boolean',
        title: 'Read only',
        description: 'Offer only what changes nothing',
        default: false,
        required: false,
      },
    },
    compatibility: {
      platforms: ['darwin', 'win32', 'linux'],
      runtimes: { node: manifest.engines.node },
    },
    privacy_policies: ['https://www.intercom.com/legal/privacy'],
  }
}

/** Every file, by its path. */
export function distributionFiles(): Map<string, object> {
  const plugins = Object.entries({ ...openPlugin, ...hostPlugins })
  return new Map<string, object>([
    ['server.json', serverJson],
    ...plugins.map(([path, content]) => [`plugin/${path}`, content] as const),
    ['.claude-plugin/marketplace.json', marketplace],
    ['.cursor-plugin/marketplace.json', marketplace],
    ['.agents/plugins/marketplace.json', codexMarketplace],
  ])
}

/** Cursor: https://cursor.com/docs/mcp/install-links. The token is not in it: Cursor reads the environment. */
function cursorLink(scheme: string): string {
  const config = { ...started, env: { [token]: `\${env:${token}}` } }
  const query = new URLSearchParams({ name: 'intercom', config: btoa(JSON.stringify(config)) })
  return `${scheme}?${query}`
}

/** VS Code: https://code.visualstudio.com/api/extension-guides/ai/mcp#create-an-mcp-installation-url. It asks for the token. */
function vscodeConfig() {
  const input = {
    type: 'promptString',
    id: 'intercom-token',
    description: 'Intercom access token',
    password: true,
  }
  const config = { type: 'stdio', ...started, env: { [token]: `\${input:${input.id}}` } }
  return { config, inputs: [input] }
}

function vscodeLink(): string {
  const { config, inputs } = vscodeConfig()
  const query = new URLSearchParams({
    name: 'intercom',
    config: JSON.stringify(config),
    inputs: JSON.stringify(inputs),
  })
  return `https://insiders.vscode.dev/redirect/mcp/install?${query}`
}

/** The links of docs/hosts.md. */
export function installLinks(): string {
  const { config, inputs } = vscodeConfig()
  const vscode = `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: 'intercom', ...config, inputs }))}`
  const cursor = cursorLink('cursor://anysphere.cursor-deeplink/mcp/install')
  return `| host | button | for an address bar |
|---|---|---|
| Cursor | [Add to Cursor](${cursorLink('https://cursor.com/en/install-mcp')}) | \`${cursor}\` |
| VS Code | [Install in VS Code](${vscodeLink()}) | \`${vscode}\` |`
}
