upkeep-title = สิ่งที่ผู้ดูแลระบบควรรู้
upkeep-found = { $count ->
    [0] โควตาข้อความของเดือนนี้น่าจะไม่พอค่ะ
   *[other] มี { $count } งานที่ลองครบแล้วยังไม่สำเร็จ พักไว้ให้ตรวจค่ะ ผู้ดูแลดูเหตุด้วย prongsai jobs list และสั่งลองใหม่ด้วย prongsai jobs replay
 }
upkeep-dead = งานหมายเลข { $number } เมื่อ { DAY($day) }
upkeep-quota = { $kind }: สิ้นเดือนจะใช้ราว { $likely } จาก { $limit } ข้อความ สรุปและคำเตือนอาจต้องรอไปพร้อมคำตอบ
upkeep-held = มี { $count } เรื่องรอไปพร้อมคำตอบถัดไปในห้องของตน
