/** The scripts of the user's that the adapter knows, and where their places come from. */
import { pathToFileURL } from 'node:url';
import { RUNTIME_NAME } from '../compile/ownSource';
import type { Place } from '../compile/rewrite';
import type { Connection } from './connection';
import type { ScriptDetails, ScriptFacts } from './messages';
import { ScriptPlaces } from './scriptPlaces';
import { isInBlock } from './tryBlocks';

interface Details {
  code: string;
  places: ScriptPlaces;
  tries: number[];
}

export class KnownScript {
  private details: Promise<Details | undefined> | undefined;

  constructor(
    readonly facts: ScriptFacts,
    private readonly connection: Connection,
    details?: ScriptDetails,
  ) {
    if (details) {
      const { code, places, tries } = details;
      this.details = Promise.resolve({ code, places: new ScriptPlaces(places), tries });
    }
  }

  async places(): Promise<ScriptPlaces | undefined> {
    return (await this.load())?.places;
  }

  /** Whether a place of the script is the kernel's own work: its note of a function's entry, what it does behind an await. */
  async isOwnWork({ line, column }: Place): Promise<boolean> {
    const text = (await this.load())?.code.split('\n')[line - 1] ?? '';
    const [before, after] = [text.slice(0, column - 1), text.slice(column - 1)];
    return after.startsWith(`${RUNTIME_NAME}.entered`) || (before.endsWith(`${RUNTIME_NAME}.`) && OWN_CALL.test(after));
  }

  /** Whether the script catches what is thrown at one of its places. */
  async catches(place: Place): Promise<boolean> {
    return isInBlock((await this.load())?.tries ?? [], place);
  }

  /** The source, as it was when the script ran. */
  text(): Promise<string | undefined> {
    return this.connection.access(`text(${JSON.stringify(this.facts.url)})`);
  }

  private load() {
    this.details ??= this.fetch();
    return this.details;
  }

  private async fetch(): Promise<Details | undefined> {
    const call = `details(${JSON.stringify(this.facts.url)})`;
    const found = await this.connection.access<(Omit<Details, 'places'> & { places: number[] }) | undefined>(call);
    return found && { ...found, places: new ScriptPlaces(Int32Array.from(found.places)) };
  }
}

/** Calls that V8 steps to within a statement of the user's. */
const OWN_CALL = /^(?:entered|resumed|result)\(/;

export class KnownScripts {
  private readonly byUrl = new Map<string, KnownScript>();

  constructor(private readonly connection: Connection) {}

  /** Those that have run before. */
  async load(): Promise<void> {
    for (const facts of await this.connection.access<ScriptFacts[]>('scripts()')) {
      if (!this.byUrl.has(facts.url)) this.byUrl.set(facts.url, new KnownScript(facts, this.connection));
    }
  }

  add(details: ScriptDetails): KnownScript {
    const script = new KnownScript(details, this.connection, details);
    this.byUrl.set(details.url, script);
    return script;
  }

  at(url: string): KnownScript | undefined {
    return this.byUrl.get(url);
  }

  /**
   * The scripts that were compiled from a source as it is now, or from any version of a file.
   *
   * @param checksum of the source as the user sees it
   */
  of(path: string, checksum: string | undefined): KnownScript[] {
    return [...this.byUrl.values()].filter(
      ({ facts }) => facts.path === path && (checksum === undefined || facts.checksum === checksum),
    );
  }
}

/** What V8 calls a file that Node loads. */
export function urlOfFile(path: string): string {
  return pathToFileURL(path).href;
}
