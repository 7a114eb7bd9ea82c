/** As much of the DOM as the page's own files touch, to run them without a browser. Setting markup (`innerHTML` and its kind) does not exist here. */
export class FakeElement {
  readonly tag: string;
  readonly attributes = new Map<string, string>();
  readonly listeners = new Map<string, (event: unknown) => void>();
  readonly properties = new Map<string, string>();
  children: (FakeElement | string)[] = [];
  readonly classes = new Set<string>();
  value = '';
  scrollTop = 0;

  constructor(tag: string) {
    this.tag = tag;
  }

  get classList(): { add(name: string): void; remove(name: string): void } {
    return { add: (name) => this.classes.add(name), remove: (name) => this.classes.delete(name) };
  }

  get style(): { setProperty(name: string, value: string): void } {
    return { setProperty: (name, value) => this.properties.set(name, value) };
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  addEventListener(name: string, listener: (event: unknown) => void): void {
    this.listeners.set(name, listener);
  }

  append(child: FakeElement | string): void {
    this.children.push(child);
  }

  replaceChildren(...children: (FakeElement | string)[]): void {
    this.children = children;
  }

  querySelector(selector: string): FakeElement | undefined {
    return this.all().find((element) => element.attributes.get('class')?.split(' ').includes(selector.slice(1)));
  }

  /** This element and all below it, in order. */
  all(): FakeElement[] {
    return [this, ...this.children.flatMap((child) => (typeof child === 'string' ? [] : child.all()))];
  }

  get text(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.text)).join(' ');
  }
}

export class FakeDocument {
  readonly elements = new Map<string, FakeElement>();
  title = '';
  hidden = false;
  activeElement: FakeElement | undefined;

  createElement(tag: string): FakeElement {
    return new FakeElement(tag);
  }

  getElementById(id: string): FakeElement | null {
    return this.elements.get(id) ?? null;
  }
}
