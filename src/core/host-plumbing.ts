/**
 * Names that known hosts add to the input of every tool, each with where that can be read. They say nothing about the
 * call and are dropped, unless an action has a parameter of the name.
 */
export const hostPlumbing: Readonly<Record<string, string>> = {
  // n8n: fields of the item that its agent works on
  toolCallId: 'https://github.com/n8n-io/n8n/issues/21500',
  tool: 'https://github.com/n8n-io/n8n/issues/21500',
  sessionId: 'https://github.com/n8n-io/n8n/issues/22787',
  action: 'https://github.com/n8n-io/n8n/issues/22787',
  chatInput: 'https://github.com/hald/things-mcp/pull/30',
  // CrewAI
  security_context: 'https://github.com/crewAIInc/crewAI/issues/4796',
  // LangChain and others: metadata of MCP, among the arguments by mistake
  _meta: 'https://github.com/langchain-ai/langchain-mcp-adapters/pull/412',
  // Cline: its list of what is done
  task_progress: 'https://github.com/CoplayDev/unity-mcp/issues/958',
  // MCPProxy
  _auth_auth_type: 'https://github.com/smart-mcp-proxy/mcpproxy-go/issues/322',
  // Gemini CLI
  wait_for_previous: 'https://github.com/google-gemini/gemini-cli/issues/27403',
  // oh-my-pi: what the model means to do
  i: 'https://github.com/can1357/oh-my-pi/issues/3575',
  // clients that a framework for servers lists: a placeholder, and a description of the call
  _as_extra: 'https://github.com/cyanheads/mcp-ts-core/issues/453',
  tool_call_description: 'https://github.com/cyanheads/mcp-ts-core/issues/453',
  // Pi
  sessionKey: 'https://github.com/joshuaswarren/remnic/issues/1513',
  // SiYuan
  _sessionID: 'https://github.com/siyuan-note/siyuan/issues/17927',
  // Moltis
  _accept_language: 'https://github.com/moltis-org/moltis/issues/182',
  _conn_id: 'https://github.com/moltis-org/moltis/issues/182',
  _session_key: 'https://github.com/moltis-org/moltis/issues/182',
}
