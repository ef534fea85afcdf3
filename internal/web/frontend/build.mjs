// Builds what the pages load from the GOV.UK Design System and our entry files into ../assets: each file under
// a name with the hash of its content, so that it can be cached for ever; text also compressed; and manifest.json,
// which tells the program the hashed name of each.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { buildSync, transformSync } from 'esbuild'
import { NodePackageImporter, compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '..', 'assets')
const govuk = join(here, '..', 'node_modules', 'govuk-frontend', 'dist', 'govuk', 'assets')
const manifest = {}

mkdirSync(out, { recursive: true })
for (const name of readdirSync(out)) {
  if (name !== '.keep') rmSync(join(out, name), { recursive: true })
}

/** Writes one file under its hashed name, and compressed beside it where that makes it smaller. */
function put(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const extension = extname(name)
  const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`
  manifest[name] = hashed
  writeFileSync(join(out, hashed), content)
  if (['.css', '.js', '.svg'].includes(extension)) {
    writeFileSync(join(out, hashed + '.gz'), gzipSync(content, { level: 9 }))
    writeFileSync(join(out, hashed + '.br'), brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
    }))
  }
}

for (const name of ['favicon.ico', 'favicon.svg', 'govuk-crest.svg', 'govuk-icon-180.png', 'govuk-icon-mask.svg']) {
  put(name, readFileSync(join(govuk, 'images', name)))
}
for (const name of readdirSync(join(govuk, 'fonts')).filter((name) => name.endsWith('.woff2'))) {
  put(name, readFileSync(join(govuk, 'fonts', name)))
}

const { css } = compile(join(here, 'pages.scss'), {
  importers: [new NodePackageImporter(here)], style: 'compressed', quietDeps: true
})
const autocomplete = join(here, '..', 'node_modules', 'accessible-autocomplete')
const suggestions = transformSync(readFileSync(join(autocomplete, 'src', 'autocomplete.css'), 'utf8'), { loader: 'css', minify: true }).code
put('pages.css', Buffer.from(suggestions + css.replace(/\/assets\/(?:images\/)?([\w.-]+)/g, (_, name) => {
  if (!manifest[name]) throw new Error(`pages.scss names ${name}, which is not among the assets`)
  return `/assets/${manifest[name]}`
})))

/** Bundles an entry file with what it imports. */
function bundle (name) {
  const { outputFiles } = buildSync({
    entryPoints: [join(here, name)], bundle: true, minify: true, format: 'esm', target: 'es2017',
    legalComments: 'none', write: false,
    // The component comes built with polyfills for browsers that do not run our modules anyway: from its source it is
    // a third of the size.
    alias: { 'accessible-autocomplete': join(autocomplete, 'src', 'wrapper.js') }, loader: { '.js': 'jsx' },
    define: { 'process.env.COMPONENT_LIBRARY': '"PREACT"' }
  })
  put(name, outputFiles[0].contents)
}
bundle('pages.js')
bundle('suggestions.js')

// Last, so that a build that failed half-way leaves no manifest.
writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
