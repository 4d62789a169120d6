import { hash } from 'node:crypto'
import { bodyToHtml, plainText } from './html.ts'

const paragraph = /<p>/g
const link = /<a href="[^"]*"/g
const heading = /<(h[1-6])>([\s\S]*?)<\/\1>/g
const loneImage = /<(p|div)>\s*(<img [^>]*>)\s*<\/\1>|^<img [^>]*>$/gm

/**
 * The body of an article as Intercom shows it: cleaned like a message, and dressed with the classes and ids of the help
 * center (docs/intercom-api.md 2.14). Given its own result it changes nothing.
 */
export function articleHtml(body: string): string {
  return bodyToHtml(body)
    .replace(loneImage, (whole, _tag, image = whole) => `<div class="intercom-container">${image}</div>`)
    .replace(paragraph, '<p class="no-margin">')
    .replace(link, (tag) => `${tag} target="_blank" class="intercom-content-link"`)
    .replace(heading, (_whole, tag: string, content: string) => {
      const id = hash('sha1', plainText(content)).slice(0, 10)
      return `<${tag} id="h_${id}">${content}</${tag}>`
    })
}
