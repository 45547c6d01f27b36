"""The errors of a clustering by kind: errors.py FOLDER CLUSTERS    prints a Markdown table.

A wrong merge is of twins if both are tagged so, of namesakes if one is, of kin if they share a household number or a parent, else of
strangers. A lost pair is of the first tag of: moved, archive, reentry, civil; else plain.
"""
import csv, glob, sys
from collections import Counter, defaultdict

folder, clusters = sys.argv[1:]


def column(file, key):
    with open(file, newline="", encoding="utf-8") as lines:
        return {row["rec_id"]: row[key] for row in csv.DictReader(lines)}


person, tags = column(folder + "/truth.csv", "person_id"), column(folder + "/truth.csv", "tags")
tags = {record: set(own.split("+")) for record, own in tags.items()}
cluster = column(clusters, "cluster_id")


def groups(of):
    members = defaultdict(list)
    for record in person:
        members[of[record]].append(record)
    return members.values()


wrong = [(a, b) for group in groups(cluster) for at, a in enumerate(group) for b in group[at + 1:] if person[a] != person[b]]
lost = [(a, b) for group in groups(person) for at, a in enumerate(group) for b in group[at + 1:] if cluster[a] != cluster[b]]
wanted = {record for pair in wrong for record in pair}
rows = {}
for file in glob.glob(folder + "/province_*.csv"):
    with open(file, newline="", encoding="utf-8", errors="replace") as lines:
        rows.update({row["rec_id"]: row for row in csv.DictReader(lines) if row.get("rec_id") in wanted})


def merged(a, b):
    if "twin" in tags[a] and "twin" in tags[b]:
        return "twins"
    if "namesake" in tags[a] | tags[b]:
        return "namesakes"
    x, y = rows.get(a, {}), rows.get(b, {})
    shared = [key for key in ("household_no", "father_name", "mother_name") if x.get(key) and x.get(key) == y.get(key)]
    return "kin" if shared else "strangers"


def missed(a, b):
    return next((tag for tag in ("moved", "archive", "reentry", "civil") if tag in tags[a] | tags[b]), "plain")


true_pairs = Counter(missed(a, b) for group in groups(person) for at, a in enumerate(group) for b in group[at + 1:])
print("| | pairs | of |\n| --- | --- | --- |")
for kind, count in Counter(merged(*pair) for pair in wrong).most_common():
    print(f"| wrongly merged, {kind} | {count} | |")
for kind, count in Counter(missed(*pair) for pair in lost).most_common():
    print(f"| lost, {kind} | {count} | {true_pairs[kind]} |")
