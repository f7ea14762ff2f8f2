// FILE LIBRARY -> what that npm library reads, in the shape that agree.py describes. Exits with 77 where it is not to be found
// (NODE_PATH).
import fs from 'fs';
import {createRequire} from 'module';

const [file, name] = process.argv.slice(2);
let library;
try {
  library = createRequire(import.meta.url)(name);
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  process.exit(77);
}
const text = fs.readFileSync(file, 'utf8');
const seconds = date => (date ? Math.floor(new Date(date).getTime() / 1000) : null);
const number = length => Number(length ?? 0);

const readers = {
  'rss-parser': async () =>
      (await new library({customFields: {item: ['id']}}).parseString(text)).items.map(item => ({
        id: item.guid ?? item.id,
        title: item.title ?? null,
        link: item.link,
        published: seconds(item.isoDate),
        content: item['content:encoded'] ?? item.content ?? '',
      })),
  '@rowanmanning/feed-parser': () =>
      library.parseFeed(text).items.map(item => ({
        id: item.id,
        title: item.title,
        link: item.url,
        published: seconds(item.published),
        authors: item.authors.map(author => author.name),
        // No content: the library resolves references in it once more, so that `1 &lt; 2` loses its end.
      })),
  'feedsmith': () => {
    const {format, feed} = library.parseFeed(text);
    const of = {
      atom: entry => ({
        id: entry.id,
        title: entry.title?.value ?? entry.title ?? null,
        link: entry.links.find(link => (link.rel ?? 'alternate') === 'alternate').href,
        published: seconds(entry.published),
        updated: seconds(entry.updated),
        authors: (entry.authors ?? []).map(author => author.name),
        content: entry.content?.value ?? entry.content ?? entry.summary?.value ?? entry.summary ?? '',
        enclosures: entry.links.filter(link => link.rel === 'enclosure').map(link => [link.href, link.type ?? '', number(link.length)]),
      }),
      rss: item => ({
        id: item.guid.value,
        title: item.title ?? null,
        link: item.link,
        published: seconds(item.pubDate),
        authors: item.dc?.creators ?? [],
        content: item.content?.encoded ?? item.description ?? '',
        enclosures: (item.enclosures ?? []).map(file => [file.url, file.type ?? '', number(file.length)]),
      }),
      json: item => ({
        id: item.id,
        title: item.title ?? null,
        link: item.external_url ?? item.url,
        published: seconds(item.date_published),
        updated: seconds(item.date_modified),
        authors: (item.authors ?? []).map(author => author.name),
        content: item.content_html ?? item.content_text ?? '',
        enclosures: (item.attachments ?? []).map(file => [file.url, file.mime_type ?? '', number(file.size_in_bytes)]),
      }),
    };
    return (feed.entries ?? feed.items).map(of[format]);
  },
};
console.log(JSON.stringify(await readers[name]()));
