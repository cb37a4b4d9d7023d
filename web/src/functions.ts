// The worksheet functions: all cells that Excel calculates at once go to Python in one trip, each range in it once.

type Cell = unknown;
type Rows = Cell[][];
type Invocation = { onCanceled?: () => void; parameterAddresses?: string[] };
type Call = { name: string; given: Rows[]; places: string[]; resolve: (rows: Rows) => void; reject: (error: unknown) => void; gone: boolean };
type Told = { rows: Cell[][] } | { error: string; message: string };

const LAST_ROW = 1_048_575;

// The errors that a function of ours answers with, as Excel names them.
const CODES: Record<string, CustomFunctions.ErrorCode> = { "#VALUE!": "#VALUE!" as CustomFunctions.ErrorCode, "#N/A": "#N/A" as CustomFunctions.ErrorCode };

// What a cell of an argument is for Python: nothing for a blank one, the name of an error for an error.
function cell(given: Cell): Cell {
  if (given === null || given === undefined || given === "") return null;
  if (typeof given === "object" && "basicValue" in given) return (given as { basicValue: Cell }).basicValue;
  return given;
}

// Of whole columns only the part that is in use comes along, so that they cost what their content costs.
function rows(given: unknown): Rows {
  if (!Array.isArray(given)) return [[cell(given)]];
  const found = (given as Rows).map((row) => (Array.isArray(row) ? row.map(cell) : [cell(row)]));
  if (found.length >= LAST_ROW) while (found.length > 1 && found.at(-1)?.every((each) => each === null)) found.pop();
  return found;
}

export class Batch {
  private queue: Call[] = [];

  constructor(private readonly send: (text: string) => Promise<string>, private readonly language: () => string, private readonly book: () => string) {}

  add(name: string, given: unknown[], invocation: Invocation | undefined): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const call: Call = { name, given: given.map(rows), places: invocation?.parameterAddresses ?? [], resolve, reject, gone: false };
      if (invocation) invocation.onCanceled = () => (call.gone = true);
      // Excel asks for the cells of one recalculation one after the other; when it is done the timer comes.
      if (this.queue.push(call) === 1) setTimeout(() => void this.flush(), 0);
    });
  }

  private async flush(): Promise<void> {
    const calls = this.queue.filter((call) => !call.gone);
    this.queue = [];
    if (calls.length === 0) return;
    const known = new Map<string, number>();
    const place = (area: Rows): number => {
      const key = JSON.stringify(area);
      if (!known.has(key)) known.set(key, known.size);
      return known.get(key) ?? 0;
    };
    const asked = calls.map(({ name, given, places }) => JSON.stringify([name, given.map(place), places.slice(0, given.length)]));
    try {
      const text = await this.send(`{"language":"${this.language()}","book":${JSON.stringify(this.book())},"areas":[${[...known.keys()].join(",")}],"calls":[${asked.join(",")}]}`);
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
      const invocation = given.pop() as Invocation | undefined;
      while (given.length > 0 && (given.at(-1) === null || given.at(-1) === undefined)) given.pop();
      return batch.add(`POA_${name}`, given, invocation);
    });
  }
}
