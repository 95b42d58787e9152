import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, extname, join} from 'node:path'
import ts from 'typescript'

/** One import, however it is written: a statement, a re-export, `import()`, a type, or a worker's URL. */
export interface Import {
  /** Path of a file of ours from the top of the checkout, or the package as it is written. */
  readonly to: string
  /** The names taken, as the other side calls them; `*` for all of them. */
  readonly names: readonly string[]
}

export interface Module {
  readonly path: string
  readonly imports: readonly Import[]
  /** Every identifier in the code, comments and strings left out. */
  readonly identifiers: ReadonlySet<string>
}

/** Path from the top of the checkout → text. */
export type Files = ReadonlyMap<string, string>

const rooms = ['app', 'bin', 'components', 'lib', 'instrumentation.ts', 'proxy.ts']
const isCode = (path: string) => /\.(tsx?|mjs|js)$/.test(path)

/** All code of the product as it lies on disk; tests, scripts and configuration are not part of the house. */
export function filesOnDisk(): Files {
  const paths = rooms.filter(existsSync).flatMap((room) => (isCode(room) ? [room] : under(room)))
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
}

const under = (room: string) =>
  readdirSync(room, {recursive: true, encoding: 'utf8'})
    .map((path) => join(room, path).replaceAll('\\', '/'))
    .filter(isCode)

/** What each file imports and which identifiers it uses. Imports may lead to `others`, which are not read again. */
export function readModules(files: Files, others: Files = new Map()): Module[] {
  const exists = (path: string) => files.has(path) || others.has(path)
  return [...files].map(([path, text]) => readModule(path, text, exists))
}

function readModule(path: string, text: string, exists: (path: string) => boolean): Module {
  const imports: Import[] = []
  const identifiers = new Set<string>()
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) identifiers.add(node.text)
    const found = importAt(node)
    if (found) imports.push({to: resolve(path, found.from, exists), names: found.names})
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false))
  return {path, imports, identifiers}
}

function importAt(node: ts.Node): {from: string; names: readonly string[]} | null {
  if (ts.isImportDeclaration(node)) return at(node.moduleSpecifier, namesOf(node.importClause))
  if (ts.isExportDeclaration(node)) return at(node.moduleSpecifier, exportedNames(node))
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return at(node.argument.literal, ['*'])
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return at(node.arguments[0], ['*'])
  // new Worker(new URL('./engine.worker.ts', import.meta.url)): the bundler follows it, and so do we.
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
    const [file, base] = node.arguments ?? []
    return base && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression) ? at(file, ['*']) : null
  }
  return null
}

const at = (from: ts.Node | undefined, names: readonly string[]) =>
  from && ts.isStringLiteralLike(from) ? {from: from.text, names} : null

function namesOf(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings
  const named =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map(({propertyName, name}) => (propertyName ?? name).text)
      : []
  return [...(clause?.name ? ['default'] : []), ...(bindings && ts.isNamespaceImport(bindings) ? ['*'] : []), ...named]
}

function exportedNames({exportClause}: ts.ExportDeclaration): string[] {
  if (!exportClause || !ts.isNamedExports(exportClause)) return ['*']
  return exportClause.elements.map(({propertyName, name}) => (propertyName ?? name).text)
}

// '@/lib/x' and './x' become paths from the top, with the ending they have on disk; packages keep their names.
function resolve(path: string, to: string, exists: (path: string) => boolean): string {
  const bare = to.startsWith('@/')
    ? to.slice(2)
    : to.startsWith('.')
      ? join(dirname(path), to).replaceAll('\\', '/')
      : null
  if (bare === null) return to
  const endings = extname(bare) && exists(bare) ? [''] : ['.ts', '.tsx', '.mjs', '.js', '/index.ts', '/index.tsx', '']
  return bare + (endings.find((ending) => exists(bare + ending)) ?? '')
}
