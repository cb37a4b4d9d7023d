// The worksheet functions: all cells that Excel calculates at once go to Python in one trip, each range in it once.

type Cell = unknown;
type Rows = Cell[][];
type Call = { name: string; given: Rows[]; resolve: (rows: Rows) => void; reject: (error: unknown) => void; gone: boolean };
type Told = { rows: Cell[][] } | { error: string; message: string };

// The errors that a function of ours answers with, as Excel names them.
const CODES: Record<string, CustomFunctions.ErrorCode> = { "#VALUE!": "#VALUE!" as CustomFunctions.ErrorCode, "#N/A": "#N/A" as CustomFunctions.ErrorCode };

// What a cell of an argument is for Python: nothing for a blank one, the name of an error for an error.
function cell(given: Cell): Cell {
  if (given === null || given === undefined || given === "") return null;
  if (typeof given === "object" && "basicValue" in given) return (given as { basicValue: Cell }).basicValue;
  return given;
}

function rows(given: unknown): Rows {
  return Array.isArray(given) ? (given as Rows).map((row) => (Array.isArray(row) ? row.map(cell) : [cell(row)])) : [[cell(given)]];
}

export class Batch {
  private queue: Call[] = [];

  constructor(private readonly send: (text: string) => Promise<string>, private readonly language: () => string) {}

  add(name: string, given: unknown[], invocation: { onCanceled?: () => void } | undefined): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const call: Call = { name, given: given.map(rows), resolve, reject, gone: false };
      if (invocation) invocation.onCanceled = () => (call.gone = true);
      // Excel asks for the cells of one recalculation one after the other; when it is done the timer comes.
      if (this.queue.push(call) === 1) setTimeout(() => void this.flush(), 0);
    });
  }

  private async flush(): Promise<void> {
    const calls = this.queue.filter((call) => !call.gone);
    this.queue = [];
    if (calls.length === 0) return;
    const places = new Map<string, number>();
    const place = (area: Rows): number => {
      const key = JSON.stringify(area);
      if (!places.has(key)) places.set(key, places.size);
      return places.get(key) ?? 0;
    };
    const asked = calls.map(({ name, given }) => JSON.stringify([name, given.map(place)]));
    try {
      const text = await this.send(`{"language":"${this.language()}","areas":[${[...places.keys()].join(",")}],"calls":[${asked.join(",")}]}`);
      (JSON.parse(text) as Told[]).forEach((told, index) => settle(calls[index], told));
    } catch (error) {
      for (const call of calls) call.reject(failed("#VALUE!", error instanceof Error ? error.message : String(error)));
    }
  }
}

function settle(call: Call | undefined, told: Told): void {
  if (!call || call.gone) return;
  if ("error" in told) call.reject(failed(told.error, told.message));
  else call.resolve(told.rows.map((row) => row.map((each) => (typeof each === "string" && each in CODES ? failed(each, "") : each))));
}

function failed(name: string, message: string): unknown {
  const code = CODES[name] ?? CODES["#VALUE!"];
  return message ? new CustomFunctions.Error(code as CustomFunctions.ErrorCode, message) : new CustomFunctions.Error(code as CustomFunctions.ErrorCode);
}

// Registers what `functions.json` names; the last argument that Excel hands over is the call itself.
export function associate(names: string[], batch: Batch): void {
  for (const name of names) {
    CustomFunctions.associate(name, (...given: unknown[]) => {
      const invocation = given.pop() as { onCanceled?: () => void } | undefined;
      while (given.length > 0 && (given.at(-1) === null || given.at(-1) === undefined)) given.pop();
      return batch.add(`POA_${name}`, given, invocation);
    });
  }
}
