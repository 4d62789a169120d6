// Installing an Intercom app into the workspaces of others, and keeping their tokens.

export type { Sending } from './http.ts'
export { consentUrl, exchangeCode, isTokenGood, type OAuthApp, type Region, uninstall } from './oauth.ts'
export { type FileOfWorkspaces, openWorkspaces } from './store.ts'
export { type ConnectedWorkspace, type ListedWorkspace, optionsFor, type Workspaces } from './workspaces.ts'
