# SPDX-License-Identifier: Apache-2.0
"""Sums sales by region and month, with pandas."""

from io import StringIO

import pandas as pd
import wit_world
from componentize_py_types import Err
from wit_world.imports.sales import Sale, Total

COLUMNS = ["day", "region", "product", "units", "price"]


class WitWorld(wit_world.WitWorld):
    def totals(self, sales: list[Sale]) -> list[Total]:
        rows = [[getattr(sale, column) for column in COLUMNS] for sale in sales]
        return summed(pd.DataFrame(rows, columns=COLUMNS))

    def totals_of_csv(self, text: str) -> list[Total]:
        try:
            return summed(pd.read_csv(StringIO(text)))
        except (KeyError, pd.errors.ParserError) as error:
            raise Err(f"this is no table of sales: {error}") from error


def summed(table: pd.DataFrame) -> list[Total]:
    if table.empty:
        return []
    try:
        month = pd.to_datetime(table["day"], format="%Y-%m-%d").dt.strftime("%Y-%m")
    except ValueError as error:
        raise Err(f"expected days as 2026-11-29: {error}") from error
    units = table["units"].fillna(1).astype("int64")
    table = table.assign(month=month, units=units, revenue=units * table["price"])
    groups = table.groupby(["region", "month"], sort=True)
    sums = groups[["units", "revenue"]].sum()
    by_product = table.groupby(["region", "month", "product"])["revenue"].sum()
    best = by_product.groupby(["region", "month"]).idxmax()
    return [
        Total(region, month, int(row.units), float(row.revenue), best[region, month][2])
        for (region, month), row in sums.iterrows()
    ]
