/** What the browser keeps for us, and what is done when it refuses. */

/** Small texts by name; in memory when the browser refuses storage. */
export interface Shelf {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
}

/** Records by ``cmid``, kept in the order in which they were made. */
export interface RecordStore<T extends { cmid: string }> {
  all(): Promise<T[]>;
  put(record: T): Promise<void>;
  remove(cmid: string): Promise<void>;
}

const PREFIX = "chatdesk:";
const TABLE = "intents";

/** Return a shelf over ``localStorage`` or ``sessionStorage``. */
export function createShelf(area: () => Storage): Shelf {
  const memory = new Map<string, string>();
  const tryOr = <T>(use: (storage: Storage) => T, otherwise: () => T): T => {
    try {
      return use(area());
    } catch {
      return otherwise();
    }
  };
  return {
    get: (name) =>
      memory.get(name) ??
      tryOr(
        (storage) => storage.getItem(PREFIX + name),
        () => null,
      ),
    set: (name, value) => {
      memory.delete(name);
      tryOr(
        (storage) => storage.setItem(PREFIX + name, value),
        () => void memory.set(name, value),
      );
    },
    remove: (name) => {
      memory.delete(name);
      tryOr(
        (storage) => storage.removeItem(PREFIX + name),
        () => undefined,
      );
    },
  };
}

/** Open the records called ``name``: IndexedDB, else ``localStorage``, else memory. */
export async function openRecords<T extends { cmid: string }>(
  name: string,
): Promise<RecordStore<T>> {
  try {
    const database = await openDatabase(PREFIX + name);
    const store = databaseStore<T>(database);
    await store.all();
    return store;
  } catch {
    return shelfStore<T>(
      createShelf(() => localStorage),
      name,
    );
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: "cmid" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    // Some private modes never answer; a message must not wait for them.
    setTimeout(() => reject(new Error("silent")), 1_500);
  });
}

function databaseStore<T extends { cmid: string }>(
  database: IDBDatabase,
): RecordStore<T> {
  const run = <R>(
    mode: IDBTransactionMode,
    ask: (table: IDBObjectStore) => IDBRequest<R>,
  ): Promise<R> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode);
      const request = ask(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  return {
    all: () => run("readonly", (table) => table.getAll() as IDBRequest<T[]>),
    put: async (record) => void (await run("readwrite", (table) => table.put(record))),
    remove: async (cmid) => {
      await run("readwrite", (table) => table.delete(cmid));
    },
  };
}

function shelfStore<T extends { cmid: string }>(
  shelf: Shelf,
  name: string,
): RecordStore<T> {
  const read = (): T[] => {
    try {
      return JSON.parse(shelf.get(name) ?? "[]") as T[];
    } catch {
      return [];
    }
  };
  const write = (records: T[]) => shelf.set(name, JSON.stringify(records));
  return {
    all: async () => read(),
    put: async (record) =>
      write([...read().filter((each) => each.cmid !== record.cmid), record]),
    remove: async (cmid) => write(read().filter((each) => each.cmid !== cmid)),
  };
}
