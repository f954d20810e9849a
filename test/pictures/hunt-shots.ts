// The pictures of docs/hunting-guide.md, taken on the way that it tells: each step begins where the one before it ended.
import type { Page } from 'playwright-core'

interface Step {
  name: string
  go: (page: Page) => Promise<unknown>
}

const rowOf = (page: Page, name: RegExp) => page.getByRole('row', { name })
const panel = (page: Page) => page.getByRole('complementary', { name: 'Row' })
const moments = (page: Page, count: number) => page.getByText(`${count} moments`, { exact: true }).first().waitFor()

const stackBy = async (page: Page, fields: string) => {
  await page.getByRole('link', { name: 'Explore', exact: true }).click()
  await page.getByRole('button', { name: 'Stack', exact: true }).click()
  await page.getByRole('button', { name: fields }).click()
  await page
    .getByText(/\d+ groups/)
    .first()
    .waitFor()
}

const openRow = async (page: Page, row: RegExp) => {
  await rowOf(page, row).getByText('dsaupd.exe').first().click()
  await page.getByRole('menuitem', { name: 'Open its row' }).click()
  await panel(page).getByText('process_parent_name').waitFor()
}

const rareProcesses = async (page: Page, host: string) => {
  await panel(page).getByRole('link', { name: host }).click()
  await page.getByRole('tab', { name: /^Processes/ }).click()
  await page.getByLabel('Rare only').check()
  await page.getByText(/^\d of \d+ processes/).waitFor()
}

const tagged = async (page: Page) => {
  await page.getByRole('checkbox', { name: 'Select row 1', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select row 10', exact: true }).click({ modifiers: ['Shift'] })
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  const box = page.getByRole('dialog', { name: 'Tags' }).getByRole('checkbox', { name: 'malicious' })
  await box.click()
  while (!(await box.isChecked())) await page.waitForTimeout(100)
}

const compared = async (page: Page) => {
  await page.getByRole('link', { name: 'Hosts', exact: true }).click()
  await page.getByRole('link', { name: 'HLD-FIN-017' }).click()
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  await page.getByRole('button', { name: 'Right: choose hosts' }).click()
  await page.getByText('HLD-FIN-001').click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Artifact').selectOption('Windows.System.Pslist')
  await page.getByRole('tab', { name: /^Gone/ }).click()
  await page.getByText('dsaupd.exe').first().waitFor()
}

const steps: readonly Step[] = [
  { name: 'hunt-1-stack', go: (page) => stackBy(page, 'process_name, process_executable') },
  {
    name: 'hunt-2-group',
    go: async (page) => {
      await rowOf(page, /^dsaupd\.exe C:/)
        .getByRole('gridcell', { name: '2 of 40 hosts' })
        .click()
      await page.getByRole('region', { name: 'Nearest by name' }).waitFor()
    },
  },
  {
    name: 'hunt-3-row',
    go: async (page) => {
      await page.getByRole('complementary', { name: 'Group' }).getByRole('button', { name: '7 rows' }).click()
      await openRow(page, /08:42:00 HLD-FIN-017 Evtx/)
    },
  },
  {
    name: 'hunt-4-around',
    go: async (page) => {
      await panel(page).getByRole('button', { name: '± 5 min' }).click()
      await moments(page, 10)
    },
  },
  {
    name: 'hunt-5-root',
    go: async (page) => {
      await rowOf(page, /dsalib\.dll/)
        .getByText('SystemTime')
        .last()
        .click()
      await panel(page).getByRole('button', { name: 'What this host did around this row' }).click()
      await page.getByRole('menuitem', { name: '± 15 min' }).click()
      await moments(page, 14)
      await rowOf(page, /files\.charter-annex\.example/)
        .getByText('visit_time')
        .last()
        .click()
      await panel(page).getByText('url_full').waitFor()
    },
  },
  {
    name: 'hunt-6-tree',
    go: async (page) => {
      await rareProcesses(page, 'HLD-FIN-017')
      await page.getByRole('treegrid').getByText('dsaupd.exe', { exact: true }).click()
    },
  },
  {
    name: 'hunt-12-tags',
    go: async (page) => {
      await page
        .getByRole('region', { name: /^Process dsaupd/ })
        .getByRole('link', { name: 'dsaupd.exe', exact: true })
        .click()
      await page.getByText('10 rows', { exact: true }).first().waitFor()
      await tagged(page)
    },
  },
  {
    name: 'hunt-7-timeline',
    go: async (page) => {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Timeline', exact: true }).click()
      await moments(page, 12)
    },
  },
  {
    name: 'hunt-8-arrival',
    go: async (page) => {
      await openRow(page, /10:22:01\.500/)
      await panel(page).getByRole('button', { name: '± 5 min' }).click()
      await moments(page, 7)
      await rowOf(page, /svc-backup/)
        .getByText('SystemTime')
        .last()
        .click()
      await panel(page).getByText('source_ip').waitFor()
    },
  },
  { name: 'hunt-9-server', go: (page) => rareProcesses(page, 'HLD-SRV-FILE02') },
  {
    name: 'hunt-10-network',
    go: async (page) => {
      await page.getByRole('tab', { name: /^Network/ }).click()
      await page.getByText('203.0.113.90').first().waitFor()
    },
  },
  { name: 'hunt-11-events', go: (page) => stackBy(page, 'winlog_channel, event_code') },
  { name: 'hunt-13-compare', go: compared },
  {
    name: 'hunt-14-coverage',
    go: async (page) => {
      await page.getByRole('link', { name: 'Hosts', exact: true }).click()
      await page.getByRole('link', { name: 'HLD-FIN-017' }).click()
      await page.getByRole('link', { name: 'Coverage of all hosts' }).click()
      await page.getByRole('grid', { name: /Coverage/ }).waitFor()
    },
  },
]

/** Walks the hunt from the page that is shown and hands over each step as it is to be seen. */
export const walkHunt = async (page: Page, take: (name: string) => Promise<void>): Promise<void> => {
  for (const { name, go } of steps) {
    await go(page)
    await take(name)
  }
}
