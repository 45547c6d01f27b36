"""How the linker grows with its records, and whether what is asked is what is got: figures and plots.

growth.py VANDAN POPULATION SHARED WORK OUT [RECORDS…]

Makes a population of each size (in WORK, taken away again), links it on one thread, measures CPU time and memory, and fits
t = a·n^k to those from 300,000 records on, and memory = b + c·n to all. Of the size nearest to a million and of three kinds of people it asks for several
precisions and looks at the truth. Prints Markdown tables; writes growth.svg and calibration.svg into OUT.
"""
import csv, glob, json, math, os, resource, shutil, subprocess, sys
from collections import Counter

vandan, population, shared, work, out = sys.argv[1:6]
sizes = [int(size) for size in sys.argv[6:]] or [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 20_000_000]
ASKED = [0.9, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999]
KINDS = ["usual", "other", "hard"]
COLOURS = ["#0b5d8a", "#b3541e", "#4b7a1f"]


def made(records, seed, kind):
    folder = os.path.join(work, f"{kind}-{records}")
    subprocess.run([population, str(records), str(seed), kind, folder, shared], check=True, stdout=subprocess.DEVNULL)
    return folder


def linked(folder, *more):
    """The JSON that the command printed, its CPU seconds, and its peak memory in MiB."""
    files = sorted(glob.glob(folder + "/province_*.csv"))
    command = [vandan, "link", *files, "--out", folder + "/out.csv", "--threads", "1", "--json", *more]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(subprocess.check_output(command))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return said, cpu, said["peak_rss_bytes"] / (1 << 20)


def judged(folder):
    def column(name, key):
        with open(os.path.join(folder, name), newline="", encoding="utf-8") as lines:
            return {row["rec_id"]: row[key] for row in csv.DictReader(lines)}

    count = lambda counter: sum(n * (n - 1) // 2 for n in counter.values())
    truth, cluster = column("truth.csv", "person_id"), column("out.csv", "cluster_id")
    claimed, actual = count(Counter(cluster.values())), count(Counter(truth.values()))
    right = count(Counter((cluster[record], person) for record, person in truth.items()))
    return right / max(claimed, 1), right / actual


def svg(title_x, title_y, ticks_x, ticks_y, lines, place_x, place_y):
    """Lines of (name, points) in a frame; places are shares of its width and height."""
    left, top, width, height = 70, 14, 520, 290
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 360" font-family="sans-serif" font-size="12">']
    parts.append(f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#888"/>')
    at = lambda x, y: (left + place_x(x) * width, top + height - place_y(y) * height)
    for value, text in ticks_x:
        x = left + place_x(value) * width
        parts.append(f'<path d="M{x:.1f} {top}V{top + height}" stroke="#ddd"/><text x="{x:.1f}" y="{top + height + 16}" text-anchor="middle">{text}</text>')
    for value, text in ticks_y:
        y = top + height - place_y(value) * height
        parts.append(f'<path d="M{left} {y:.1f}H{left + width}" stroke="#ddd"/><text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    for number, (name, points) in enumerate(lines):
        colour = COLOURS[number]
        path = " ".join("%.1f,%.1f" % at(*point) for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (*at(*point), colour) for point in points]
        parts.append(f'<text x="{left + 12}" y="{top + 18 + 16 * number}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle">{title_x}</text>')
    parts.append(f'<text transform="translate(16 {top + height / 2}) rotate(-90)" text-anchor="middle">{title_y}</text></svg>\n')
    return "\n".join(parts)


def least_squares(xs, ys, weights):
    """The straight line through points, each with its weight: where it begins, and its slope."""
    total = sum(weights)
    mean_x, mean_y = (sum(w * v for w, v in zip(weights, values)) / total for values in (xs, ys))
    slope = sum(w * (x - mean_x) * (y - mean_y) for w, x, y in zip(weights, xs, ys))
    slope /= sum(w * (x - mean_x) ** 2 for w, x in zip(weights, xs))
    return mean_y - slope * mean_x, slope


print("| records | files, MB | CPU, s | memory, MiB | pairs compared | F1 |\n| --- | --- | --- | --- | --- | --- |")
grown = []
for records in sizes:
    folder = made(records, 13, "usual")
    files = sum(os.path.getsize(file) for file in glob.glob(folder + "/province_*.csv")) / 1e6
    said, cpu, memory = linked(folder)
    precision, recall = judged(folder)
    grown.append((records, cpu, memory, files))
    f1 = 2 * precision * recall / (precision + recall)
    print(f"| {records:,} | {files:,.0f} | {cpu:.1f} | {memory:,.0f} | {said['pairs_scored']:,} | {f1:.4f} |", flush=True)
    shutil.rmtree(folder)
large = [(n, cpu) for n, cpu, *_ in grown if n >= 300_000] or [(n, cpu) for n, cpu, *_ in grown]
rate, power = least_squares([math.log(n / 1e6) for n, _ in large], [math.log(cpu) for _, cpu in large], [1] * len(large))
time_of = lambda n: math.exp(rate) * (n / 1e6) ** power
base, each = least_squares([n for n, *_ in grown], [memory for _, _, memory, _ in grown],
                           [1 / memory**2 for _, _, memory, _ in grown])
spread = max(abs(cpu / time_of(n) - 1) for n, cpu in large)
hundred = 100_000_000
print(f"\nCPU: {time_of(1e6):.1f} s · (n / 1 M)^{power:.2f}, within {spread * 100:.0f} %; memory: {base:.0f} MiB + {each * (1 << 20):.0f} B · n.")
print(f"100 M records: {time_of(hundred) / 60:.0f} minutes of CPU, {(base + each * hundred) / 1024:.1f} GiB of memory, "
      f"{grown[-1][3] / grown[-1][0] * hundred / 1000:.0f} GB of files.")
low, high = math.log10(sizes[0]), math.log10(sizes[-1])
decades = lambda values: [(10.0**power, f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[power]}") for power in values]
bottom, top = math.floor(math.log10(min(cpu for _, cpu, *_ in grown))), math.ceil(math.log10(max(m for *_, m, _ in grown)))
bottom = max(bottom, 0)
with open(os.path.join(out, "growth.svg"), "w", encoding="utf-8") as file:
    file.write(svg("records", "seconds of CPU; MiB", [(n, f"{n / 1e6:g} M") for n in sizes], decades(range(bottom, top + 1)),
                   [("CPU, s", [(n, cpu) for n, cpu, *_ in grown]), ("memory, MiB", [(n, memory) for n, _, memory, _ in grown])],
                   lambda n: (math.log10(n) - low) / max(high - low, 0.1),
                   lambda v: min(max((math.log10(max(v, 1e-9)) - bottom) / (top - bottom), 0), 1)))

size = min(sizes, key=lambda n: abs(math.log(n / 1e6)))
print(f"\n| asked | {' | '.join(f'{kind}: precision; recall' for kind in KINDS)} |\n| --- |{' --- |' * len(KINDS)}")
lines, rows = [], {asked: [] for asked in ASKED}
for kind in KINDS:
    folder = made(size, 17, kind)
    points = []
    for asked in ASKED:
        linked(folder, "--precision", str(asked))
        precision, recall = judged(folder)
        rows[asked].append(f"{precision:.4f}; {recall:.4f}")
        points.append((1 - asked, max(1 - precision, 1e-5)))
    lines.append((kind, points))
    shutil.rmtree(folder)
for asked, row in rows.items():
    print(f"| {asked} | {' | '.join(row)} |")
share = lambda v: (math.log10(v) + 5) / 4
ticks = [(0.1, "0.9"), (0.01, "0.99"), (0.001, "0.999"), (1e-4, "0.9999"), (1e-5, "0.99999")]
with open(os.path.join(out, "calibration.svg"), "w", encoding="utf-8") as file:
    file.write(svg("asked precision", "true precision", ticks, ticks, lines, lambda v: 1 - share(v), lambda v: 1 - share(v)))
