// A name may hold any number, and a list as long as that number would be made of one tensor.
const widestGap = 64

/**
 * Items by the numbers in their names as a list, holes where a number is skipped. It ends before a number that lies
 * further from those below it than any model's would: that is somebody's name for something else.
 */
export function numberedList<T>(items: ReadonlyMap<number, T>): (T | undefined)[] {
  const list: (T | undefined)[] = []
  let held = 0
  for (const index of [...items.keys()].sort((a, b) => a - b)) {
    if (index > 2 * held + widestGap) break
    while (list.length < index) list.push(undefined)
    list.push(items.get(index))
    held++
  }
  return list
}
