"""Gives a zone group its region name, and zone and zone group more storage classes, all kept in the one data pool.

usage: storage-classes.py ZONE-GROUP-FILE ZONE-FILE REGION CLASS...   (JSON files of radosgw-admin, edited in place)
"""

import json
import sys

group_file, zone_file, region, *classes = sys.argv[1:]

with open(group_file) as file:
    group = json.load(file)
group['api_name'] = region
for target in group['placement_targets']:
    target['storage_classes'] = ['STANDARD', *classes]
with open(group_file, 'w') as file:
    json.dump(group, file)

with open(zone_file) as file:
    zone = json.load(file)
for pool in zone['placement_pools']:
    stored = pool['val']['storage_classes']
    stored.update({name: {'data_pool': stored['STANDARD']['data_pool']} for name in classes})
with open(zone_file, 'w') as file:
    json.dump(zone, file)
