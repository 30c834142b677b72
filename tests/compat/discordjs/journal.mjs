/** How long a bot waits for what must come at once, in milliseconds: enough on a machine that is busy building. */
const EVENT_MS = 25_000;

/**
 * What a client has told, in order.
 *
 * A listener that is set up after the call it belongs to may come too late, since the event can overtake the
 * answer. The journal listens from the start, and finds an event whether it lies behind or ahead.
 */
export class Journal {
  #entries = [];
  #waiting = new Set();

  constructor(emitter, names) {
    for (const name of names) emitter.on(name, (...told) => this.#add({ name, told }));
  }

  #add(entry) {
    this.#entries.push(entry);
    for (const look of this.#waiting) look(entry);
  }

  /** What the events called `name` told first, oldest first. */
  all(name) {
    return this.#entries.filter((entry) => entry.name === name).map((entry) => entry.told[0]);
  }

  /** What the first event `name` that `fits` told, as soon as there is one; an error after `deadlineMs`. */
  until(name, fits = () => true, deadlineMs = EVENT_MS) {
    const isIt = (entry) => entry.name === name && fits(...entry.told);
    const found = this.#entries.find(isIt);
    if (found) return Promise.resolve(found.told);
    return new Promise((resolve, reject) => {
      const look = (entry) => {
        if (isIt(entry)) end(() => resolve(entry.told));
      };
      const late = () => end(() => reject(new Error(`no ${name} of the kind expected in ${deadlineMs} ms`)));
      const timer = setTimeout(late, deadlineMs);
      const end = (settle) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      this.#waiting.add(look);
    });
  }
}
