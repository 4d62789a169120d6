import type { Route } from '../http/call.ts'
import { adminRoutes } from './admins.ts'
import { contactRoutes } from './contacts.ts'
import { noteRoutes } from './notes.ts'
import { tagRoutes } from './tags.ts'

/** Every operation that the workspace emulates. */
export const routes: readonly Route[] = [...adminRoutes, ...contactRoutes, ...noteRoutes, ...tagRoutes]
