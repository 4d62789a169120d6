/**
 * `read` changes nothing; `update`: twice is the same as once; `create`: twice adds two; `send` reaches a
 * customer and cannot be taken back. Approvals, read-only mode and MCP hints follow from this word.
 */
export type Effect = 'read' | 'update' | 'create' | 'send'
