"""Splink on the files of a folder: the same records, the clusters at its best threshold, CPU time and memory.

peer.py FOLDER    prints one JSON line. The cells are cleaned as a user of Splink would: marks taken off, small letters, dates
as dates. The thresholds are tried against the truth, so that Splink is seen at its best.
"""
import csv, glob, json, logging, re, resource, sys, time, unicodedata
from collections import Counter

import pandas
import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

logging.disable(logging.WARNING)
folder = sys.argv[1]
begun = time.perf_counter()


def plain(text):
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", "".join(c for c in text if not unicodedata.combining(c))).split()) or None


def date(text):
    text = text.strip()
    for form, order in ((r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", (1, 2, 3)), (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$", (3, 2, 1))):
        found = re.match(form, text)
        if found:
            return "%04d-%02d-%02d" % tuple(int(found[at]) for at in order)
    return text or None


SEX = {"nam": "m", "m": "m", "1": "m", "male": "m", "nu": "f", "f": "f", "0": "f", "2": "f", "female": "f"}
rows = []
for file in sorted(glob.glob(folder + "/province_*.csv")):
    with open(file, newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            digits = lambda name: re.sub(r"\D", "", row[name]).lstrip("0") or None
            rows.append({
                "unique_id": row["rec_id"], "name": plain(row["full_name"]), "birth": date(row["birth_date"]),
                "given": (plain(row["full_name"]) or "").split(" ")[-1] or None,
                "sex": SEX.get(plain(row["sex"]) or ""), "province": digits("birth_province"),
                "home": plain(row["home_town"]), "ward": digits("res_ward"), "id9": digits("id9"),
                "pin12": digits("pin12"), "father": plain(row["father_name"]), "mother": plain(row["mother_name"]),
                "household": digits("household_no"),
            })
frame = pandas.DataFrame(rows)
del rows

name = lambda column: compare.JaroWinklerAtThresholds(column, [0.95, 0.88]).configure(term_frequency_adjustments=True)
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        name("name"), compare.DamerauLevenshteinAtThresholds("birth", [1, 2]), compare.ExactMatch("sex"),
        compare.ExactMatch("province"), compare.JaroWinklerAtThresholds("home", [0.92, 0.8]), compare.ExactMatch("ward"),
        compare.DamerauLevenshteinAtThresholds("id9", [1]), compare.ExactMatch("pin12"), name("father"), name("mother"),
        compare.ExactMatch("household"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("pin12"), block_on("id9"), block_on("name", "birth"), block_on("birth", "given"), block_on("birth", "home"),
        block_on("birth", "mother"), block_on("household", "given"), block_on("name", "home"), block_on("name", "mother"),
    ],
)
linker = Linker(DuckDBAPI().register(frame), settings)
linker.training.estimate_probability_two_random_records_match([block_on("pin12"), block_on("id9")], recall=0.5)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "birth"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth", "home"))
pairs = linker.inference.predict(threshold_match_probability=0.01)
usage = resource.getrusage(resource.RUSAGE_SELF)
cpu, seconds = usage.ru_utime + usage.ru_stime, time.perf_counter() - begun

truth = {}
with open(folder + "/truth.csv", newline="", encoding="utf-8") as lines:
    for row in csv.DictReader(lines):
        truth[row["rec_id"]] = row["person_id"]
count = lambda counter: sum(n * (n - 1) // 2 for n in counter.values())
actual = count(Counter(truth.values()))
best = None
for threshold in (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999):
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=threshold)
    cluster = dict(found.as_pandas_dataframe()[["unique_id", "cluster_id"]].itertuples(index=False))
    claimed = count(Counter(cluster.values()))
    right = count(Counter((own, truth[record]) for record, own in cluster.items()))
    f1 = 2 * right / (claimed + actual)
    if best is None or f1 > best["f1"]:
        best = {"f1": f1, "precision": right / max(claimed, 1), "recall": right / actual, "threshold": threshold}
print(json.dumps({"engine": "Splink", "records": len(truth), "cpu_s": round(cpu, 1), "seconds": round(seconds, 1),
                  "peak_mib": round(usage.ru_maxrss / 1024), **best}))
