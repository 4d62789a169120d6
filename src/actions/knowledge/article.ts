import { z } from 'zod'
import { html } from '../types/html.ts'
import { adminId, filledText, id } from '../types/input.ts'

export const collectionIn = 'Its collection, from list_collections'

/** Fields of an article, as every action that sets them takes them. */
export const articleFields = {
  title: filledText('The title'),
  body: html('The text, as HTML'),
  description: filledText('What it is about, in a line'),
  author_id: adminId('The teammate who signs it, from list_admins'),
  collection_id: id(collectionIn),
}

export const articleId = () => id('The article’s id; find it with search_articles')

export const articleNames = {
  id: 'article_id',
  article: 'article_id',
  text: 'body',
  content: 'body',
  html: 'body',
  name: 'title',
  author: 'author_id',
  admin_id: 'author_id',
  collection: 'collection_id',
  parent_id: 'collection_id',
}

const optional = z
  .strictObject(articleFields)
  .pick({ title: true, body: true, description: true, author_id: true, collection_id: true })
  .partial()

type Fields = z.output<typeof optional>

/** `parent_id` is a number in a new article and text in a change (docs/intercom-api.md 3.15). */
export function sentFields({ author_id, collection_id, ...texts }: Fields, parent: 'number' | 'text') {
  const parent_id = parent === 'number' ? Number(collection_id) : collection_id
  return {
    ...texts,
    ...(author_id === undefined ? {} : { author_id: Number(author_id) }),
    ...(collection_id === undefined ? {} : { parent_id, parent_type: 'collection' }),
  }
}

export const articleHints = { 404: 'Find the article id with search_articles.' }
