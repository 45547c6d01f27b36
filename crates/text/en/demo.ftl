help-demo = The main job on sample data
help-demo-data = The demonstration's folder
help-demo-once = End when it is done
help-demo-persons = How many persons
help-demo-applications = How many applications
help-demo-cards = How many cards
demo-folder = The folder { $folder } is there and is not a demonstration's; choose another with --data.
demo-sample = Sample data: { $rows } rows in { $files } files. Nobody in them exists.
demo-collect = 1. COLLECT
demo-linkage = Linkage against the truth: precision { $precision }, recall { $recall }, F1 { $f1 }.
demo-enrol = 2. ENROL
demo-step-enrol = Enrolling
demo-enrolled = { $applications } applications with { $fingers } fingers; { $again } packet delivered again and recognised.
demo-check = 3. CHECK
demo-decided = { $cases } fingerprint cases, each decided by two officers.
demo-issue = 4. ISSUE
demo-use = 5. USE
demo-steer = 6. STEER
demo-done = Done in { $seconds } seconds. Everything is in { $folder }.
demo-next = The browser console is not part of this version yet. Try:
    vandan status --data { $data }
    vandan person find "nguyen" --purpose "a try" --data { $data }
    vandan programme board --data { $data }
    vandan case list --data { $data }
    vandan audit verify --data { $data }
