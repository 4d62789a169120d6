/** Which client listens: whether it shows apps, for whom lists differ. `null`: it has not said. */
type ShowsApps = boolean | null

/** The open sessions of one caller that listen for changes of their list of tools, across changes of policy. */
export type ListChanges = {
  /** Returns a function that ends this. */
  listen(tell: () => void, apps: ShowsApps): () => void
  /** Tells the sessions of clients whose list has changed. */
  tell(isOther: (apps: ShowsApps) => boolean): void
  count(): number
}

export function listChanges(): ListChanges {
  const open = new Map<symbol, { tell: () => void; apps: ShowsApps }>()
  return {
    listen(tell, apps) {
      const id = Symbol('session')
      open.set(id, { tell, apps })
      return () => void open.delete(id)
    },
    tell(isOther) {
      for (const { tell, apps } of open.values()) if (isOther(apps)) tell()
    },
    count: () => open.size,
  }
}
